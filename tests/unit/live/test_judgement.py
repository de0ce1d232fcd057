"""What the wall calls things and how bad they are: decided here, painted by the browser."""

from __future__ import annotations

from typing import Any

import pytest

from data.alerts.live import status as alarms_status
from data.backlinks.signals.rules import signal_symbol, signals_status
from data.live.rules import with_symbol
from data.missions.live import failures_status as failures_of
from data.missions.live import rules
from data.missions.rules import QUEUE_GROWS, REFILLS
from data.status import Status


@pytest.mark.parametrize(
    ("status", "told", "symbol", "word"),
    [
        ("running", {"eta_note": "no page fetched yet"}, "normal", "NO PAGE FETCHED YET"),
        ("running", {}, "normal", "NO ETA YET"),
        ("running", {"has_eta": True}, "normal", None),
        ("running", {"eta_note": QUEUE_GROWS}, "caution", "QUEUE GROWS, NO ETA"),
        ("running", {"eta_note": REFILLS}, "normal", "QUEUE REFILLS, NO ETA"),
        ("running", {"note": "links wait"}, "caution", "LINKS WAIT"),
        ("running", {"note": "links wait", "stalled": True, "has_eta": True}, "critical", "LINKS WAIT"),
        ("running", {"stalled": True, "has_eta": True}, "critical", "STALLED"),
        ("paused", {}, "standby", "PAUSED"),
        ("queued", {}, "off", None),
        ("completed", {}, "normal", "COMPLETED"),
        ("cancelled", {}, "off", "CANCELLED"),
        ("failed", {}, "critical", "FAILED"),
        ("abnormal", {}, "serious", "ABNORMAL"),
    ],
)
def test_a_job_says_its_trouble_or_leaves_the_word_to_who_counts(
    status: str, told: dict[str, Any], symbol: str, word: str | None
) -> None:
    assert rules.job_word(status, **told) == word
    assert rules.job_symbol(status, **{name: told[name] for name in told if name != "has_eta"}) == symbol


def test_jobs_are_as_bad_as_the_worst_that_is_under_way() -> None:
    assert rules.jobs_status([]) == rules.jobs_status([Status.OFF]) == "off"
    assert rules.jobs_status([Status.OFF, Status.NORMAL, Status.CAUTION]) == "caution"


@pytest.mark.parametrize(
    ("status", "symbol"),
    [
        ("active", "normal"),
        ("idle", "standby"),
        ("paused", "standby"),
        ("late", "caution"),
        ("lost", "critical"),
        ("off", "off"),
    ],
)
def test_a_satellite_is_as_bad_as_its_silence(status: str, symbol: str) -> None:
    assert rules.satellite_symbol(status) == symbol


@pytest.mark.parametrize(
    ("depth", "oldest_s", "status"),
    [(0, None, "standby"), (3, None, "normal"), (3, 900, "normal"), (3, 901, "caution"), (0, 901, "caution")],
)
def test_a_queue_is_old_after_a_quarter_of_an_hour(depth: int, oldest_s: float | None, status: str) -> None:
    assert rules.queue_status(depth, oldest_s) == status


def test_a_fleet_that_fetches_nothing_is_at_rest() -> None:
    assert [rules.rate_status(rate) for rate in (None, 0, 0.1)] == ["standby", "standby", "normal"]


@pytest.mark.parametrize(
    ("status", "symbol"), [("ok", "normal"), ("degraded", "caution"), ("down", "critical"), ("?", "off")]
)
def test_a_service_is_as_bad_as_it_answers(status: str, symbol: str) -> None:
    assert with_symbol({"status": status, "age_s": 1}) == {"status": status, "age_s": 1, "symbol": symbol}


def failure(severity: str, **more: str) -> dict[str, str]:
    return {"severity": severity} | more


@pytest.mark.parametrize(
    ("errors", "status"),
    [
        ([], "off"),
        ([failure("serious")], "serious"),
        ([failure("critical", ack="ann"), failure("serious")], "serious"),
        ([failure("critical", ack="ann")], "standby"),
    ],
)
def test_a_failure_that_somebody_took_on_alarms_nobody_else(errors: list[Any], status: str) -> None:
    assert failures_of({"errors": dict(enumerate(errors))}) == status


@pytest.mark.parametrize(
    ("severity", "symbol", "status"),
    [("critical", "critical", "critical"), ("warning", "serious", "serious"), ("info", "standby", "normal")],
)
def test_a_signal_that_is_good_to_know_asks_for_nobody(severity: str, symbol: str, status: str) -> None:
    assert signal_symbol(severity) == symbol
    assert signals_status([signal_symbol(severity)]) == status


def test_alarms_are_as_pressing_as_the_worst_that_waits_for_a_person() -> None:
    assert alarms_status({}) == "normal"
    alerts = {"a": {"symbol": Status.CRITICAL, "ack": "ann"}, "b": {"symbol": Status.SERIOUS}}
    assert alarms_status({"alerts": alerts}) == "serious"
    assert alarms_status({"alerts": alerts | {"c": {"symbol": Status.CRITICAL}}}) == "critical"
    assert alarms_status({"alerts": {"d": {"symbol": Status.STANDBY}}}) == "normal", "good to know asks for nobody"
