"""`alert_rules.yaml`: the seed's form loads as it is; what is wrong is refused whole, by rule, line and reason."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.alerts import rulebook
from data.alerts.rule import Rule
from data.errors import BadInput
from data.signals import signals

SEED = """\
# alert_rules.yaml
rules:
  - name: "High Error Rate"
    condition: "error_rate > 0.1"
    severity: "warning"
    channels: ["email", "slack"]

  - name: "Circuit Breaker Open"
    condition: "circuit_breaker_state == 'open'"
    severity: "critical"
    channels: ["email", "slack", "telegram"]

  - name: "Low Throughput"
    condition: "jobs_per_minute < 5"
    severity: "warning"
    channels: ["email"]

  - name: "System Resource High"
    condition: "cpu_usage > 80 OR memory_usage > 90"
    severity: "critical"
    channels: ["email", "slack"]
"""


def test_the_usual_file_loads_as_it_is_though_some_of_its_areas_are_still_to_come() -> None:
    found = rulebook.from_yaml(SEED)
    assert [rule.name for rule in found] == [
        "High Error Rate",
        "Circuit Breaker Open",
        "Low Throughput",
        "System Resource High",
    ]
    assert found[1].channels == ("email", "slack", "telegram")


def test_everything_that_may_be_added_is_taken() -> None:
    (rule,) = rulebook.from_yaml(
        """
rules:
  - name: Deep queue
    condition: avg(queue_depth{queue="job_queue"}, 5m) > 1000
    severity: info
    for: 2m
    keep_firing_for: 300
    labels: {team: seo}
    group_by: [queue, rule]
    no_data: alert
    escalation: on-call
    actions: [Scale up the fleet, {label: See it, href: /missions}]
    message: "{queue} of {team}: {value}"
    channels: [slack]
"""
    )
    assert (rule.hold_s, rule.keep_firing_s, rule.no_data, rule.escalation) == (120, 300, "alert", "on-call")
    assert [each.label for each in rule.actions] == ["Scale up the fleet", "See it"]
    assert rulebook.from_yaml(rulebook.to_yaml([rule])) == (rule,)


def test_the_shipped_rules_are_good_and_one_of_the_same_name_replaces_them() -> None:
    shipped = rulebook.shipped()
    assert len(shipped) >= 12
    assert all(rule.shipped for rule in shipped)
    own = rulebook.from_yaml('rules: [{name: "Queue above 1,000", condition: queue_depth > 5, enabled: false}]')
    merged = rulebook.in_force(own)
    assert len(merged) == len(shipped)
    assert [rule.enabled for rule in merged if rule.name == "Queue above 1,000"] == [False]
    assert {rule.name for rule in rulebook.from_yaml(rulebook.to_yaml(shipped))} == {rule.name for rule in shipped}


GOOD = "rules:\n  - {name: a, condition: error_rate > 1}\n"


@pytest.mark.parametrize(
    ("document", "line", "words"),
    [
        (GOOD + "  - name: b\n    condition: eror_rate > 1\n", 4, "rule “b”: condition there is no signal eror_rate"),
        (GOOD + "  - name: b\n", 3, "condition: Field required"),
        (GOOD + "  - {name: a, condition: error_rate > 2}\n", 3, "another rule has this name"),
        (GOOD + "  - name: b\n    condition: error_rate > 1\n    for: soon\n", 5, "for: must be a duration"),
        (GOOD + "  - name: b\n    condition: error_rate > 1\n    colour: red\n", 5, "colour: Extra inputs"),
        (GOOD + "  - name: b\n    condition: error_rate > 1\n    severity: bad\n", 5, "severity: Input should be"),
        (GOOD + "  - name: b\n    condition: error_rate > 1\n    group_by: [host]\n", 5, "no alert of this rule has a"),
        (GOOD + "  - name: b\n    condition: error_rate > 1\n    message: '{host}'\n", 5, "{host} is neither a label"),
        (
            GOOD + "  - name: b\n    condition: queue_depth > 1\n    labels: {queue: x}\n",
            5,
            "queue is a label of the signal itself",
        ),
        (
            GOOD + "  - name: b\n    condition: error_rate > 1\n    actions: [{label: x, href: 'javascript:1'}]\n",
            5,
            "must be an address of http",
        ),
        (GOOD + "  - just words\n", 3, "Input should be"),
        ("rules: many\n", 1, "must hold a list named rules"),
        ("[]", 1, "must hold a list named rules"),
        (GOOD + "more: 1\n", 3, "there is no field more"),
    ],
)
def test_a_fault_is_named_by_rule_line_and_reason_and_nothing_is_loaded(document: str, line: int, words: str) -> None:
    with pytest.raises(BadInput) as refused:
        rulebook.from_yaml(document)
    told = [each["msg"] for each in refused.value.errors]
    assert any(words in each for each in told), told
    assert any(each.startswith(f"line {line}") for each in told), told


LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))


@pytest.mark.parametrize(
    "document",
    [
        LAUGHS + "rules: *a11\n",
        "rules: &a [*a]\n",
        "rules: &a\n  x: *a\n",
        "[" * 100_000,
        "{a: " * 50_000,
        "rules: [",
        "rules: !!python/object/apply:os.system ['true']\n",
        "rules: \x00\n",
        "a: 1\na: 2\n",
        "--- 1\n--- 2\n",
        "x" * (rulebook.LARGEST + 1),
        "rules:\n  - name: a\n    condition: '" + "error_rate > 1 OR " * 50_000 + "error_rate > 1'\n",
        "rules: 2026-99-99\n",
    ],
)
def test_bombs_and_nonsense_are_refused_at_once(document: str) -> None:
    start = time.perf_counter()
    with pytest.raises(BadInput):
        rulebook.from_yaml(document)
    assert time.perf_counter() - start < 5


@given(st.text(max_size=200))
def test_no_document_whatever_breaks_it(document: str) -> None:
    with suppress(BadInput):
        rulebook.from_yaml(document)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
_fields = st.sampled_from([*Rule.__slots__, "for", "keep_firing_for"])


@given(st.lists(st.one_of(_json, st.dictionaries(_fields, _json, max_size=8)), max_size=3))
def test_no_rows_whatever_break_it(rows: list[object]) -> None:
    with suppress(BadInput):
        rulebook.from_rows(rows)


def test_every_signal_that_the_contract_names_is_known() -> None:
    named = {"error_rate", "circuit_breaker_state", "jobs_per_minute", "cpu_usage", "memory_usage", "queue_depth"}
    assert named <= signals().keys()
