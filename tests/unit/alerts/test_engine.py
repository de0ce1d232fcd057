"""When an alert is pending, fires, recovers and is over; what no data and a person's hand make of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.alerts.engine import ENDED, Alert, TooSlow, fingerprint, group_of, moved, step
from data.alerts.language.evaluate import Answer
from data.alerts.language.parse import parse
from data.alerts.language.readings import Family, Missing, Reading, Readings
from data.alerts.rule import NoData, Rule
from data.signal import Signal

START = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
DEPTH = Signal("depth", "", labels=("queue",), read=lambda _: [])
CONDITION = "depth > 1"
NODE = parse(CONDITION, {"depth": DEPTH})
ANSWERS = {
    "T": Answer(True, 5.0),
    "F": Answer(False, 0.0),
    "N": Answer(Missing.NO_DATA, None),
    "E": Answer(Missing.ERROR, None),
}
LETTERS = {"": "inactive"} | {each[0].upper(): each for each in ("pending", "firing", "recovering", "nodata", "error")}


def rule(hold: int = 0, keep: int = 0, no_data: NoData = "keep") -> Rule:
    return Rule("r", CONDITION, NODE, hold_s=hold, keep_firing_s=keep, no_data=no_data)


def played(answers: str, one: Rule, step_s: float = 15) -> str:
    """A letter for the state after each answer: - none, P F R N E; X where it was over just then, x where a pending
    one went."""
    told, alert = "", None
    for place, answer in enumerate(answers):
        after = moved(one, alert, {"queue": "q"}, ANSWERS[answer], START + timedelta(seconds=step_s * place))
        if after is None:
            told += "-"
        elif after.state in ENDED:
            told += "X" if after.state == "resolved" else "x"
        else:
            told += after.state[0].upper()
        alert = None if after is None or after.state in ENDED else after
    return told


# The cases of the alert generators' compliance: what becomes of a series that is high (T) and low (F) every 15 s.
@pytest.mark.parametrize(
    ("name", "hold", "keep", "answers", "told"),
    [
        ("nothing is high", 0, 0, "FFFF", "----"),
        ("fires at once without a for", 0, 0, "FTTF", "-FFX"),
        ("fires again and again", 0, 0, "TFTF", "FXFX"),
        ("pending, then firing when the for has passed", 30, 0, "TTTT", "PPFF"),
        ("pending exactly until it has passed, not one evaluation longer", 15, 0, "TT", "PF"),
        ("a for that no evaluation falls upon is passed at the next", 20, 0, "TTT", "PPF"),
        ("pending to inactive, never firing", 30, 0, "TTFF", "PPx-"),
        ("a gap begins the for anew", 30, 0, "TTFTTT", "PPxPPF"),
        ("firing to resolved, and pending again", 15, 0, "TTFTT", "PFXPF"),
        ("keep_firing_for holds it", 0, 30, "TFFF", "FRRX"),
        ("keep_firing_for is passed exactly", 0, 15, "TFF", "FRX"),
        ("back while it recovers: it never was over", 0, 30, "TFTFFF", "FRFRRX"),
        ("for and keep_firing_for together", 15, 15, "TTFTFF", "PFRFRX"),
        ("keep_firing_for keeps no pending one", 30, 30, "TTF", "PPx"),
        ("no data takes nothing back and resolves nothing", 0, 0, "TNNF", "FNNX"),
        ("an error neither", 0, 0, "TEET", "FEEF"),
        ("no data while it recovers", 0, 30, "TFNF", "FRNX"),
        ("no data while pending: the for begins anew", 15, 0, "TNTT", "PPPF"),
        ("no data opens nothing", 0, 0, "NENE", "----"),
    ],
)
def test_states_follow_each_other_as_they_should(name: str, hold: int, keep: int, answers: str, told: str) -> None:
    assert played(answers, rule(hold, keep)) == told, name


@pytest.mark.parametrize(
    ("no_data", "answers", "told"),
    [
        ("alert", "NNF", "NNX"),
        ("alert", "NTF", "NFX"),
        ("alert", "ENE", "ENE"),
        ("alert", "TNF", "FNX"),
        ("ok", "TNN", "FX-"),
        ("ok", "NEN", "---"),
        ("keep", "TNNNNNNNN", "FNNNNNNNN"),
    ],
)
def test_what_no_data_means_is_the_rules_own(no_data: NoData, answers: str, told: str) -> None:
    assert played(answers, rule(no_data=no_data)) == told


def test_a_for_that_was_raised_takes_nothing_back_and_one_that_was_lowered_counts_what_has_passed() -> None:
    firing = moved(rule(), None, {}, ANSWERS["T"], START)
    assert firing is not None
    raised = moved(rule(hold=3600), firing, {}, ANSWERS["T"], START + timedelta(seconds=5))
    assert raised is not None
    assert raised.state == "firing"
    pending = moved(rule(hold=3600), None, {}, ANSWERS["T"], START)
    lowered = moved(rule(hold=60), pending, {}, ANSWERS["T"], START + timedelta(minutes=1))
    assert lowered is not None
    assert lowered.state == "firing"


def test_after_a_restart_the_for_goes_on_and_after_a_long_outage_it_begins_anew() -> None:
    pending = moved(rule(hold=600), None, {}, ANSWERS["T"], START)
    short = moved(rule(hold=600), pending, {}, ANSWERS["T"], START + timedelta(minutes=20))
    long = moved(rule(hold=600), pending, {}, ANSWERS["T"], START + timedelta(hours=2))
    assert short is not None
    assert long is not None
    assert (short.state, long.state) == ("firing", "pending")
    assert long.started_at == START + timedelta(hours=2)


def test_a_clock_that_steps_back_fires_nothing_early_and_resolves_nothing() -> None:
    pending = moved(rule(hold=60), None, {}, ANSWERS["T"], START)
    back = moved(rule(hold=60), pending, {}, ANSWERS["T"], START - timedelta(hours=1))
    assert back is not None
    assert back.state == "pending"


def test_what_a_person_resolved_is_quiet_until_it_was_over() -> None:
    fired = moved(rule(), None, {}, ANSWERS["T"], START)
    assert fired is not None
    held = replace(fired, held=True)
    for answer, still in (("T", True), ("N", True), ("F", False)):
        after = moved(rule(), held, {}, ANSWERS[answer], START + timedelta(seconds=5))
        assert after is not None
        assert after.held is still


_letters = st.text(alphabet="TF", max_size=40)


@given(_letters, st.integers(0, 4), st.integers(0, 4))
def test_the_engine_does_what_a_pattern_over_the_whole_past_says(answers: str, hold: int, keep: int) -> None:
    """A model of another kind: an episode is a run of a yes, longer than `for`, with gaps of a no that are no longer
    than `keep_firing_for`; all at once by a pattern, where the engine goes from answer to answer."""
    gap = f"|F{{1,{keep}}}(?=T)" if keep else ""
    episode = re.compile(f"T{{{hold + 1}}}(?:T{gap})*(F{{1,{keep + 1}}})?")
    expected = ["-"] * len(answers)
    for found in episode.finditer(answers):
        start = found.start()
        for place in range(start, found.end()):
            yes = answers[place] == "T"
            expected[place] = "P" if place < start + hold else "F" if yes else "R"
        if len(found.group(1) or "") == keep + 1:
            expected[found.end() - 1] = "X"
    words = "".join(expected)
    # What is a yes outside of every episode was pending; the no after it took it back.
    words = "".join("P" if a == "T" and w == "-" else w for a, w in zip(answers, words, strict=True))
    words = re.sub("P-", "Px", words)
    assert played(answers, rule(15 * hold, 15 * keep)) == words


@given(st.text(alphabet="TFNE", max_size=40), st.integers(0, 3), st.integers(0, 3), st.sampled_from(["keep", "alert"]))
def test_only_a_no_ever_ends_an_alert(answers: str, hold: int, keep: int, no_data: NoData) -> None:
    told = played(answers, rule(15 * hold, 15 * keep, no_data))
    assert all(answer == "F" for answer, state in zip(answers, told, strict=True) if state in "Xx")
    assert all(answer == "T" for answer, state in zip(answers, told, strict=True) if state == "F")


@given(st.text(alphabet="TFNE", max_size=40), st.integers(0, 3))
def test_where_no_data_is_ok_it_is_a_no(answers: str, hold: int) -> None:
    plain = answers.replace("N", "F").replace("E", "F")
    assert played(answers, rule(15 * hold, 0, "ok")) == played(plain, rule(15 * hold))


def readings(**values: float) -> Readings:
    labels = {queue: {"queue": queue} for queue in values}
    found = {(queue,): Reading(labels[queue], float(value), START) for queue, value in values.items()}
    return Readings(START, {"depth": Family(DEPTH, found)})


def test_each_label_set_is_an_alert_of_its_own_and_what_vanished_is_asked_of_still() -> None:
    first = step(rule(), [], readings(a=5, b=0, c=9))
    assert sorted(change.after.labels["queue"] for change in first.changes) == ["a", "c"]
    alive = [change.after for change in first.changes]
    second = step(rule(), alive, readings(a=5, b=7))
    assert sorted((each.after.labels["queue"], each.after.state) for each in second.changes) == [
        ("b", "firing"),
        ("c", "resolved"),
    ]
    assert second.kept == [], "what stands still costs no write"
    third = step(rule(), alive, readings(a=6, c=9))
    assert [(each.labels["queue"], each.value) for each in third.kept] == [("a", 6.0)]


def test_alerts_bear_the_rules_labels_and_are_told_in_its_groups() -> None:
    one = replace(rule(), labels=(("team", "seo"),), group_by=("queue",), message="{queue} of {team} at {value}")
    alert = step(one, [], readings(a=1234)).changes[0].after
    assert dict(alert.labels) == {"queue": "a", "team": "seo"}
    assert alert.message == "a of seo at 1,234"
    assert group_of(one, alert.labels) == "r {queue=a}"
    assert group_of(replace(one, group_by=()), alert.labels) == "r"
    assert fingerprint("r", {"a": "1", "b": "2"}) == fingerprint("r", {"b": "2", "a": "1"}) != fingerprint("r", {})


def test_a_rule_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(TooSlow):
        step(rule(), [], readings(a=5), limit_s=-1)


def test_an_alert_is_a_value() -> None:
    with pytest.raises(AttributeError):
        step(rule(), [], readings(a=5)).changes[0].after.state = "x"  # type: ignore[misc,assignment]
    assert Alert.__slots__
