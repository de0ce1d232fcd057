"""What the numbers of the live state mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.live import rules
from data.live.throttled import Throttled
from data.missions.live import rules as missions

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "heard_s", "has_job", "shown"),
    [
        ("working", 3, True, "active"),
        ("idle", 3, True, "active"),
        ("working", 3, False, "active"),
        ("idle", 3, False, "idle"),
        ("stopping", 3, False, "idle"),
        ("stopping", 16, False, "off"),
        ("stopping", 86_000, False, "off"),
        ("paused", 3, True, "paused"),
        ("working", 15, True, "active"),
        ("working", 16, True, "late"),
        ("working", 61, True, "lost"),
        ("lost", 3, False, "lost"),
        ("idle", -5, False, "idle"),
    ],
)
def test_a_satellite_is_shown_as_it_was_heard(status: str, heard_s: float, *, has_job: bool, shown: str) -> None:
    assert missions.satellite_status(status, heard_s, has_job=has_job) == shown


@pytest.mark.parametrize(
    ("fleet", "rate"),
    [
        ([], 0),
        ([{"status": "idle", "ppm": 0.0}], 0),
        ([{"status": "active"}], None),
        ([{"status": "active"}, {"status": "idle", "ppm": 0.0}], None),
        ([{"status": "active"}, {"status": "active", "ppm": 40.25}], 40.2),
        ([{"status": "active", "ppm": 0.0}], 0),
    ],
)
def test_a_rate_that_nobody_measured_yet_is_not_known(fleet: list[dict[str, Any]], rate: float | None) -> None:
    assert missions.fleet_rate(fleet) == rate


def test_utilisation_is_of_all_that_are_known() -> None:
    assert (missions.utilisation(0, 0), missions.utilisation(1, 3), missions.utilisation(4, 4)) == (0.0, 33.3, 100.0)


def test_the_queue_drains_at_the_pace_of_the_last_hour_or_nobody_knows() -> None:
    assert missions.drain_seconds(10, 20) == 1800
    assert missions.drain_seconds(0, 0) == 0
    assert missions.drain_seconds(10, 0) is None


def test_a_process_is_as_well_as_its_last_heartbeat() -> None:
    assert rules.heartbeat(None, 100.0) == {"status": "down"}
    assert rules.heartbeat(97.4, 100.0) == {"status": "ok", "age_s": 3}
    assert rules.heartbeat(70.0, 100.0) == {"status": "degraded", "age_s": 30}
    assert rules.heartbeat(105.0, 100.0) == {"status": "ok", "age_s": 0}


def test_views_are_as_bad_as_the_one_that_waits_longest() -> None:
    assert rules.views([], []) == {"status": "ok"}
    assert rules.views([-30.0, 10.0], [20.0, 65.4]) == {"status": "ok", "age_s": 65}
    assert rules.views([-30.0, 130.0], [20.0])["status"] == "degraded"
    assert rules.views([1000.0], [20.0])["status"] == "down"


def test_a_series_has_sixty_places_and_says_where_nothing_was_noted() -> None:
    rows = {NOW: 9, NOW - timedelta(minutes=2): 7, NOW - timedelta(minutes=60): 1}
    series = rules.series(rows, NOW)
    assert (len(series), series[-3:], series[0]) == (60, [7, None, 9], None)
    assert rules.since_known(series) == [7, None, 9]
    assert rules.since_known([None, None]) == []
    assert rules.series({}, NOW, gap=0.0) == [0.0] * 60


def test_a_job_stands_still_when_it_runs_but_fetches_nothing_for_two_minutes() -> None:
    still = missions.StallDetector()
    assert still.stalled({"LP-1": 5, "LP-2": 5}, NOW) == set()
    assert still.stalled({"LP-1": 5, "LP-2": 6}, NOW + timedelta(seconds=119)) == set()
    assert still.stalled({"LP-1": 5, "LP-2": 6}, NOW + timedelta(seconds=121)) == {"LP-1"}
    assert still.stalled({"LP-1": 6, "LP-2": 6}, NOW + timedelta(seconds=122)) == set()
    assert still.stalled({"LP-2": 6}, NOW + timedelta(seconds=300)) == {"LP-2"}
    assert still.stalled({"LP-1": 6}, NOW + timedelta(seconds=301)) == set()


def test_a_cheap_reading_is_repeated_every_time_and_a_rare_one_when_its_mark_changes() -> None:
    asked: list[int] = []

    def read() -> int:
        asked.append(1)
        return len(asked)

    rare = Throttled[int](every_s=60)
    assert [rare.get(read, mark) for mark in ("a", "a", "b", "b")] == [1, 1, 2, 2]


def test_a_costly_reading_is_repeated_only_as_often_as_its_share_allows() -> None:
    import time

    throttled, asked = Throttled[int](), []

    def read() -> int:
        time.sleep(0.02)
        asked.append(1)
        return len(asked)

    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        throttled.get(read)
    assert len(asked) == 1
