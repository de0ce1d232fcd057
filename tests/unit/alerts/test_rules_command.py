"""`mission-control rules check` and `rules test`, as an operator types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from deploy.rules_command import rules

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """\
rules:
  - name: Deep
    condition: queue_depth{queue="job_queue"} > 1000
    for: 1m
"""
TESTS = """\
rules: alert_rules.yaml
tests:
  - name: a full queue
    interval: 1m
    samples:
      'queue_depth{queue="job_queue"}': [10, 2000, 2000, 10]
    expect:
      - {at: 1m, rule: Deep, now: pending}
      - {at: 2m, rule: Deep, now: firing, labels: {queue: job_queue}}
      - {at: 3m, rule: Deep, now: resolved}
"""


def run(folder: Path, *arguments: str, **files: str) -> tuple[int, str]:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(rules, [*arguments[:-1], str(folder / arguments[-1])])
    return done.exit_code, done.output


def test_a_good_file_is_said_to_be_good(tmp_path: Path) -> None:
    code, said = run(tmp_path, "check", "alert_rules.yaml", alert_rules=GOOD)
    assert (code, said.endswith("1 rule, all good.\n")) == (0, True)


def test_a_bad_file_is_refused_with_rule_line_and_reason(tmp_path: Path) -> None:
    bad = GOOD + "  - name: Other\n    condition: queue_dept > 1\n"
    code, said = run(tmp_path, "check", "alert_rules.yaml", alert_rules=bad)
    assert code == 1
    assert "line 6, rule “Other”: condition there is no signal queue_dept; did you mean queue_depth?" in said


def test_what_is_expected_of_samples_is_held_against_what_becomes_of_them(tmp_path: Path) -> None:
    code, said = run(tmp_path, "test", "tests.yaml", alert_rules=GOOD, tests=TESTS)
    assert (code, "1 tests passed." in said) == (0, True), said
    assert "2m  Deep {queue=job_queue}: pending → firing" in said


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("at: 2m", "at: 1m", "expected, and missing"),
        ("      - {at: 3m, rule: Deep, now: resolved}\n", "", "unexpected"),
        ("2000, 2000", "2000, 20", "FAILED"),
        ("queue_depth{", "nothing{", "there is no signal nothing"),
        ("at: 2m", "at: soon", "must be a duration"),
        ("rules: alert_rules.yaml", "rules: away.yaml", "there is no file away.yaml"),
        ("interval: 1m", "interval: never", "must be a duration"),
        ("tests:", "proofs:", "must hold a list named tests"),
    ],
)
def test_what_is_otherwise_fails_and_says_what(tmp_path: Path, old: str, new: str, words: str) -> None:
    code, said = run(tmp_path, "test", "tests.yaml", alert_rules=GOOD, tests=TESTS.replace(old, new))
    assert code == 1
    assert words in said
