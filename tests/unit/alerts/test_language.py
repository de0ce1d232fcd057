"""The language of conditions: what it takes, what it refuses in words, and its three-valued answers."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.alerts.language.evaluate import evaluate
from data.alerts.language.parse import BadCondition, parse
from data.alerts.language.readings import Family, Missing, Reading, Readings, TooMany, subjects
from data.alerts.language.tree import every_series
from data.signal import Signal

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
SIGNALS = {
    each.name: each
    for each in (
        Signal("error_rate", "", complete=False),
        Signal("cpu_usage", "", labels=("host",), complete=False),
        Signal("memory_usage", "", labels=("host",), complete=False),
        Signal("jobs_per_minute", "", complete=False),
        Signal("circuit_breaker_state", "", kind="word", complete=False),
        Signal("queue_depth", "", labels=("queue",), read=lambda _: []),
        Signal("failed", "", labels=("job",), read=lambda _: []),
        Signal("total", "", complete=False),
    )
}
Values = dict[str, float | str | None]


def readings(values: Mapping[str, Any], errors: tuple[str, ...] = ()) -> Readings:
    """By signal a value, or values by the value of its one label; None is a source that cannot tell."""
    found = Readings(NOW, {name: Family(signal) for name, signal in SIGNALS.items()})
    for name, value in values.items():
        family = found.families[name]
        label = family.signal.labels
        for key, one in value.items() if isinstance(value, dict) else [((), value)]:
            names = (key,) if label else ()
            told = float(one) if isinstance(one, int) else one
            family.readings[names] = Reading(dict(zip(label, names, strict=True)), told, NOW)
    for name in errors:
        found.families[name].error = "away"
    return found


def answer(condition: str, values: Mapping[str, Any], labels: Mapping[str, str] | None = None, **more: Any) -> Any:
    return evaluate(parse(condition, SIGNALS), labels or {}, readings(values, **more)).truth


SEED = "cpu_usage > 80 OR memory_usage > 90"


@pytest.mark.parametrize(
    ("condition", "values", "truth"),
    [
        ("error_rate > 0.1", {"error_rate": 0.11}, True),
        ("error_rate > 0.1", {"error_rate": 0.1}, False),
        ("error_rate > 0.1", {"error_rate": None}, Missing.NO_DATA),
        ("circuit_breaker_state == 'open'", {"circuit_breaker_state": "open"}, True),
        ("circuit_breaker_state == 'open'", {"circuit_breaker_state": "closed"}, False),
        ('circuit_breaker_state =~ "half.*|open"', {"circuit_breaker_state": "half_open"}, True),
        ('circuit_breaker_state =~ "half"', {"circuit_breaker_state": "half_open"}, False),
        ('circuit_breaker_state !~ "half"', {"circuit_breaker_state": "half_open"}, True),
        ("jobs_per_minute < 5", {"jobs_per_minute": 4}, True),
        ("jobs_per_minute < 5 AND error_rate > 0", {"jobs_per_minute": 4, "error_rate": 0}, False),
        ("jobs_per_minute < 5 and not error_rate > 0", {"jobs_per_minute": 4, "error_rate": 0}, True),
        ("NOT (jobs_per_minute < 5 OR error_rate > 0)", {"jobs_per_minute": 5, "error_rate": 0}, True),
        ("error_rate > 0 OR jobs_per_minute < 5 AND total > 3", {"error_rate": 1, "jobs_per_minute": 9}, True),
        ("(error_rate + 1) * 2 - 3 / 1 >= 1", {"error_rate": 1}, True),
        ("error_rate * 60 <= -3 + 63", {"error_rate": 1}, True),
        ("-error_rate < 0", {"error_rate": 1}, True),
        ("error_rate / total > 0.5", {"error_rate": 1, "total": 0}, Missing.NO_DATA),
        ("error_rate > 5e-1", {"error_rate": 0.6}, True),
        ("jobs_per_minute != 3", {"jobs_per_minute": 3}, False),
    ],
)
def test_conditions_say_what_they_read_like(condition: str, values: Values, truth: object) -> None:
    assert answer(condition, values) == truth


A = {"host": "a"}


@pytest.mark.parametrize(
    ("values", "errors", "truth"),
    [
        ({"cpu_usage": {"a": 85}, "memory_usage": {"a": 10}}, (), True),
        ({"cpu_usage": {"a": 10}, "memory_usage": {"a": 91}}, (), True),
        ({"cpu_usage": {"a": 10}, "memory_usage": {"a": 10}}, (), False),
        ({"cpu_usage": {"a": 85}}, (), True),
        ({"cpu_usage": {"a": 10}}, (), Missing.NO_DATA),
        ({"cpu_usage": {"a": 85}}, ("memory_usage",), True),
        ({"cpu_usage": {"a": 10}}, ("memory_usage",), Missing.ERROR),
        ({}, ("memory_usage",), Missing.ERROR),
    ],
)
def test_one_that_is_too_high_is_enough_whatever_is_known_of_the_other(
    values: dict[str, Any], errors: tuple[str, ...], truth: object
) -> None:
    assert answer(SEED, values, A, errors=errors) == truth


def test_and_is_a_no_where_one_of_them_is_in_order() -> None:
    both = "cpu_usage > 80 AND memory_usage > 90"
    assert answer(both, {"cpu_usage": {"a": 10}}, A) is False
    assert answer(both, {"cpu_usage": {"a": 85}}, A) is Missing.NO_DATA
    assert answer(f"NOT ({both})", {"cpu_usage": {"a": 85}}, A) is Missing.NO_DATA


def test_what_a_complete_source_does_not_name_is_over() -> None:
    assert answer("failed > 0", {}, {"job": "LP-1"}) is False
    assert answer("failed > 0", {"failed": {"LP-1": 1}}, {"job": "LP-1"}) is True
    assert answer("cpu_usage > 0", {}, A) is Missing.NO_DATA, "a source that is only heard of has gone silent"


def test_a_sample_that_is_older_than_two_intervals_says_nothing() -> None:
    found = readings({"error_rate": 1})
    node = parse("error_rate > 0", SIGNALS)
    for seconds, truth in ((10, True), (10.1, Missing.NO_DATA)):
        found.now = NOW + timedelta(seconds=seconds)
        assert evaluate(node, {}, found).truth == truth


def test_filters_choose_among_the_series() -> None:
    values = {"queue_depth": {"job_queue": 1001, "other": 5000, "small": 3}}

    def asked(condition: str) -> list[str]:
        node = parse(condition, SIGNALS)
        found = readings(values)
        told = subjects(every_series(node), found)
        return [labels["queue"] for labels in told if evaluate(node, labels, found).truth is True]

    assert asked('queue_depth{queue="job_queue"} > 1000') == ["job_queue"]
    assert asked('queue_depth{queue!="job_queue"} > 1000') == ["other"]
    assert asked('queue_depth{queue=~"job.*|small"} > 2') == ["job_queue", "small"]
    assert asked('queue_depth{queue!~".*q.*",} > 2') == ["other", "small"]


def test_label_sets_of_two_signals_are_joined_where_they_name_the_same() -> None:
    def asked(condition: str, values: Values | dict[str, Any]) -> list[dict[str, str]]:
        return subjects(every_series(parse(condition, SIGNALS)), readings(values))

    told = asked(SEED, {"cpu_usage": {"a": 1, "b": 1}, "memory_usage": {"b": 1, "c": 1}})
    assert sorted(each["host"] for each in told) == ["a", "b", "c"]
    crossed = asked("cpu_usage > 1 AND queue_depth > 1", {"cpu_usage": {"a": 1}, "queue_depth": {"q": 1, "r": 1}})
    assert sorted(tuple(sorted(each.items())) for each in crossed) == [
        (("host", "a"), ("queue", "q")),
        (("host", "a"), ("queue", "r")),
    ]
    many = {str(n): 1.0 for n in range(200)}
    with pytest.raises(TooMany):
        asked("cpu_usage > 1 AND queue_depth > 1", {"cpu_usage": many, "queue_depth": many})


@pytest.mark.parametrize(
    ("condition", "past", "truth"),
    [
        ("avg(error_rate, 5m) > 2", [1, 2, 4], True),
        ("avg(error_rate, 5m) > 3", [1, 2, 4], False),
        ("max(error_rate, 1m) == 4", [9, 1, 4], True),
        ("min(error_rate, 5m) == 1", [9, 1, 4], True),
        ("rate(error_rate, 5m) > 0.49", [0, 30, 60], True),
        ("rate(error_rate, 5m) > 0.51", [0, 30, 60], False),
        ("increase(error_rate, 5m) == 70", [0, 40, 30], True),
        ("rate(error_rate, 1m) > 0", [0, 30, 60], Missing.NO_DATA),
    ],
)
def test_windows_look_at_what_was_measured_in_them(condition: str, past: list[float], truth: object) -> None:
    found = readings({"error_rate": past[-1]})
    steps = [(NOW - timedelta(minutes=back), float(value)) for back, value in zip((2, 1, 0), past, strict=True)]
    found.families["error_rate"].history[()] = steps
    assert evaluate(parse(condition, SIGNALS), {}, found).truth == truth


def test_a_robust_z_is_taken_against_the_same_hour_of_earlier_weeks() -> None:
    def asked(condition: str, value: float, past: list[tuple[datetime, float]]) -> object:
        found = readings({"error_rate": value})
        found.families["error_rate"].history[()] = past
        return evaluate(parse(condition, SIGNALS), {}, found).truth

    last = NOW - timedelta(days=7)
    week = [(last + timedelta(minutes=at), 100.0 + at % 10) for at in range(60)]
    other_hours = [(last + timedelta(hours=3, minutes=at), 900.0) for at in range(60)]
    assert asked("zscore(error_rate) > 3", 120, week + other_hours) is True
    assert asked("zscore(error_rate) > 3", 108, week + other_hours) is False
    assert asked("zscore(error_rate) < -3", 80, week) is True
    assert asked("zscore(error_rate) > 3", 120, week[:20]) is Missing.NO_DATA, "too little is known"
    flat = [(at, 100.0) for at, _ in week]
    assert asked("zscore(error_rate) > 3", 102, flat) is False, "what never moved is given a hundredth of itself"
    assert asked("zscore(error_rate) > 3", 104, flat) is True
    outlier = [*week[:-3], *((at, 90_000.0) for at, _ in week[-3:])]
    assert asked("zscore(error_rate) > 3", 120, outlier) is True, "a few that were far out do not widen it"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("", "ends too early"),
        ("error_rate >", "ends too early"),
        ("error_rate", "says no yes or no"),
        ("1 > 2", "names no signal"),
        ("eror_rate > 1", "there is no signal eror_rate; did you mean error_rate?"),
        ("error_rate > 'high'", "compares a number with a word"),
        ("circuit_breaker_state > 'a'", "compares numbers"),
        ("error_rate =~ 'a'", "compares a number with a word"),
        ("circuit_breaker_state =~ circuit_breaker_state", "needs a pattern in quotes"),
        ("circuit_breaker_state =~ '('", "the pattern “(” is none"),
        ('queue_depth{name="x"} > 1', "queue_depth has no label name; it has queue"),
        ('queue_depth{queue=~"["} > 1', "is none"),
        ("error_rate > 0.1 extra", "cannot be read from “extra”"),
        ("error_rate > 0.1 > 0.2", "cannot be read from “> 0.2”"),
        ("(error_rate > 0.1) + 1 > 1", "+ stands between numbers"),
        ("NOT error_rate", "NOT stands before a comparison"),
        ("error_rate AND error_rate > 1", "AND stands between comparisons"),
        ("avg(circuit_breaker_state, 5m) > 1", "avg needs a signal that is a number"),
        ("zscore(circuit_breaker_state) > 1", "zscore needs a signal that is a number"),
        ("avg(error_rate, 9d) > 1", "a window lasts from 1s to 8d"),
        ("avg(error_rate, 0s) > 1", "a window lasts from 1s to 8d"),
        ("error_rate > 1e999", "is too large"),
        ("__import__('os').system('true')", "cannot be read"),
        ("error_rate > 1" + " " * 5000, "longer than 4,096"),
        ("(" * 1000 + "error_rate > 1" + ")" * 1000, None),
        ("NOT " * 900 + "error_rate > 1", "nested deeper than 50"),
        ("error_rate > " + "1+" * 150 + "1", "nested deeper than 50"),
        ("x" * 1_000_000, "longer than 4,096"),
        ("((" * 2000, "ends too early"),
    ],
)
def test_what_is_wrong_is_said_in_words(condition: str, words: str | None) -> None:
    start = time.perf_counter()
    if words is None:
        parse(condition, SIGNALS)
    else:
        with pytest.raises(BadCondition, match=_exactly(words)):
            parse(condition, SIGNALS)
    assert time.perf_counter() - start < 2


def _exactly(words: str) -> str:
    import re

    return re.escape(words)


def test_a_pattern_that_would_hang_others_is_answered_at_once() -> None:
    start = time.perf_counter()
    assert answer("circuit_breaker_state =~ '(a+)+b'", {"circuit_breaker_state": "a" * 5000}) is False
    assert time.perf_counter() - start < 1
    with pytest.raises(BadCondition):
        parse("circuit_breaker_state =~ '((a{1,100}){1,100}){1,100}'", SIGNALS)


@given(st.text(max_size=60))
def test_no_words_whatever_break_the_parser(words: str) -> None:
    with suppress(BadCondition):
        parse(words, SIGNALS)


_atoms = st.sampled_from(["error_rate > 1", "jobs_per_minute < 5", "total >= 2"])
_conditions = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" AND ", " OR "]), inner).map(lambda each: f"({''.join(each)})"),
        inner.map(lambda each: f"NOT ({each})"),
    ),
    max_leaves=6,
)
_values = st.one_of(st.none(), st.sampled_from([0.0, 2.0, 9.0]))


@given(_conditions, st.tuples(_values, _values, _values))
def test_no_data_is_told_exactly_where_it_decides(condition: str, values: tuple[float | None, ...]) -> None:
    """Against Python itself: the answer is known exactly where every value in the gaps leads to the same one."""
    names = ("error_rate", "jobs_per_minute", "total")
    told = answer(condition, dict(zip(names, values, strict=True)))
    if all(value is not None for value in values):
        words = condition.replace("AND", "and").replace("OR", "or").replace("NOT", "not")
        assert told == eval(words, dict(zip(names, values, strict=True)))  # noqa: S307 — our own words
    elif told is not Missing.NO_DATA:
        for filled in (0.0, 2.0, 9.0):
            whole = [filled if value is None else value for value in values]
            assert answer(condition, dict(zip(names, whole, strict=True))) == told
