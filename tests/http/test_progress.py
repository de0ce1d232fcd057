"""What a satellite reports of a mission's progress, the time it will take, and its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.crawls import Crew, crew

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services


@pytest.fixture
def team(mc: Services, server: Flask) -> Crew:
    return crew(mc, server)


def test_progress_is_told_in_absolute_numbers(team: Crew) -> None:
    job = team.start(config={"max_pages": 100})
    numbers = {"pages_crawled": 20, "pages_queued": 60, "links_found": 5, "errors_count": 1}
    for _ in range(2):
        assert team.report(job, **numbers, message="at work").status_code == 200
    seen = team.mission(job)
    assert {name: seen[name] for name in numbers} == numbers
    assert (seen["progress_percentage"], seen["message"], seen["status"]) == (25, "at work", "running")
    team.report(job, pages_crawled=90, pages_queued=500)
    assert team.mission(job)["progress_percentage"] == 90


@pytest.mark.parametrize(("ending", "progress"), [("completed", 100), ("failed", 50)])
def test_the_satellite_ends_the_job(team: Crew, ending: str, progress: float) -> None:
    job = team.start()
    team.report(job, pages_crawled=10, pages_queued=10)
    assert team.report(job, status=ending, pages_crawled=12, pages_queued=3).json == {"directives": []}
    seen = team.mission(job)
    assert (seen["status"], seen["pages_crawled"], seen["progress_percentage"]) == (ending, 12, progress)
    assert (seen["satellites"], seen["estimated_completion"], seen["eta_note"]) == ([], None, None)
    assert seen["start_time"] <= seen["completed_time"]
    assert team.report(job, status=ending, pages_crawled=12).status_code == 409
    assert team.lease() is None


def moments(mission: dict[str, str]) -> list[datetime]:
    return [datetime.fromisoformat(mission[name]) for name in ("eta_low", "estimated_completion", "eta_high")]


def test_the_eta_is_honest_while_discovery_outruns_fetching_and_comes_when_it_does_not(team: Crew) -> None:
    job = team.start(config={"max_pages": None})
    team.report(job, pages_crawled=0, pages_queued=1)
    assert team.mission(job)["eta_note"] == "no page fetched yet"
    crawled, queued = 0, 1
    for _ in range(5):
        team.later(job, 10)
        crawled, queued = crawled + 20, queued + 50
        team.report(job, pages_crawled=crawled, pages_queued=queued)
    growing = team.mission(job)
    assert growing["eta_note"] == "queue grows, no ETA"
    assert growing["estimated_completion"] is None
    for _ in range(30):
        team.later(job, 10)
        crawled, queued = crawled + 20, max(0, queued - 10)
        team.report(job, pages_crawled=crawled, pages_queued=queued)
        seen = team.mission(job)
        if seen["eta_note"] is None:
            low, middle, high = moments(seen)
            assert datetime.now(UTC) - timedelta(seconds=5) < low <= middle <= high
    assert (queued, seen["eta_note"]) == (0, None)
    assert abs(moments(seen)[1] - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_page_limit_gives_an_eta_even_while_the_queue_grows(team: Crew) -> None:
    job = team.start(config={"max_pages": 1000})
    for step in range(1, 12):
        team.later(job, 10)
        team.report(job, pages_crawled=step * 50, pages_queued=step * 500)
    low, middle, high = moments(team.mission(job))
    left = (middle - datetime.now(UTC)).total_seconds()
    assert left == pytest.approx((1000 - 550) / 5, rel=0.15)
    assert low < middle < high


def test_a_paused_mission_has_no_eta(team: Crew) -> None:
    job = team.start(config={"max_pages": 100})
    for crawled in (10, 20, 30):
        team.report(job, pages_crawled=crawled, pages_queued=90)  # more than the limit leaves
        team.later(job, 5)
    assert team.mission(job)["estimated_completion"] is not None
    assert team.act(job, "pause").json["estimated_completion"] is None
    team.report(job, pages_crawled=31, pages_queued=5, status="paused")
    assert team.mission(job)["estimated_completion"] is None
