"""The area that was made from the guide, through every one of its doors."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from sqlalchemy import text

from components.kit import charts
from components.uptime import ids
from data.live.state import build_state
from data.views import refresh_view
from tasks import housekeeping
from tasks.schedule import SECONDS
from tasks.worker import create_worker
from tests.callers import Page, person, program, send
from tests.drawn import texts

if TYPE_CHECKING:
    from celery import Celery
    from flask import Flask

    from data.services import Services

NOW = datetime.now(UTC)
VIEW = {"from": "now-30d", "to": "now"}


@pytest.fixture(scope="session")
def worker(opened: Services) -> Celery:
    return create_worker(opened.settings)


def probe(site: str, *, up: bool, minutes: float) -> dict[str, Any]:
    return {"site": site, "at": (NOW - timedelta(minutes=minutes)).isoformat(), "up": up, "latency_ms": 20}


def probe_two_sites(mc: Services, server: Flask) -> None:
    """One is down now, the other has not been looked at for two hours; three of four probes were answered."""
    rows = [
        probe("shop-of-ours.org", up=True, minutes=3),
        probe("shop-of-ours.org", up=False, minutes=1),
        probe("blog-of-ours.org", up=True, minutes=121),
        probe("blog-of-ours.org", up=True, minutes=120),
    ]
    assert send(mc, server, "uptime_probes", rows)["accepted"] == 4
    with mc.engine.begin() as connection:
        refresh_view(connection, "mv_daily_uptime")


def scalar(mc: Services, sql: str, **values: Any) -> Any:
    with mc.engine.begin() as connection:
        return connection.scalar(text(sql), values)


def test_probes_come_in_by_the_door_and_a_bad_one_is_named(mc: Services, server: Flask) -> None:
    key = program(mc, server, "ingest")
    rows = [probe("shop-of-ours.org", up=True, minutes=1), {"site": "no site!", "at": NOW.isoformat(), "up": True}]
    answer = key("POST", "/api/v1/ingest/uptime_probes", rows).json
    assert answer["accepted"] == 1
    assert [(one["index"], one["errors"][0]["loc"]) for one in answer["rejected"]] == [(1, ["site"])]


def test_hours_and_days_are_summed_up(mc: Services, server: Flask) -> None:
    probe_two_sites(mc, server)
    assert scalar(mc, "select sum(n)::int || '/' || sum(n_up)::int from rollup_uptime_hourly") == "4/3"
    assert scalar(mc, "select sum(probes)::int || '/' || sum(answered)::int from mv_daily_uptime") == "4/3"
    assert scalar(mc, "select version > 0 from view_stamps where view = 'mv_daily_uptime'")


def test_programs_read_it_over_rest_if_they_may(mc: Services, server: Flask) -> None:
    probe_two_sites(mc, server)
    found = program(mc, server, "read")("GET", "/api/v1/uptime/sites").json["items"]
    assert [(one["site"], one["state"]) for one in found] == [("shop-of-ours.org", "down"), ("blog-of-ours.org", "up")]
    assert program(mc, server, "ingest")("GET", "/api/v1/uptime/sites").status_code == 403


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "xlsx"])
def test_its_table_can_be_taken_away(mc: Services, server: Flask, form: str) -> None:
    probe_two_sites(mc, server)
    answer = program(mc, server, "read")("GET", f"/api/v1/export/uptime_daily.{form}")
    assert answer.status_code == 200
    assert answer.headers["Export-Complete"] == "yes"
    if form == "csv":
        assert "shop-of-ours.org" in answer.text


def test_its_page_shows_the_chart_and_the_table(mc: Services, server: Flask) -> None:
    probe_two_sites(mc, server)
    viewer = person(mc, server, "viewer")
    assert viewer("GET", "/uptime").status_code == 200
    page = Page(viewer, "uptime")
    drawn = page.panel(charts.slot(ids.BY_DAY), VIEW, prop="data")
    assert drawn["data"][0]["name"] == "% answered"
    assert "shop-of-ours.org" in " ".join(texts(page.panel(ids.SITES, VIEW)))
    assert page.panel(ids.NOTICE, {"from": "no-such-day"}).startswith("From: must be a date")


def test_the_navigation_and_the_palette_know_it(mc: Services, server: Flask) -> None:
    probe_two_sites(mc, server)
    viewer = person(mc, server, "viewer")
    assert "view.status.uptime" in viewer("GET", "/_dash-layout").text
    found = viewer("GET", "/api/v1/search?q=shop").json
    assert "shop-of-ours.org" in str(found)


def test_its_live_number_has_a_status(mc: Services, server: Flask) -> None:
    with mc.engine.begin() as connection:
        quiet = build_state(connection, mc.cache.redis, NOW)
    assert (quiet["uptime"]["sites"], quiet["areas"]["uptime"]) == (0, "off")
    probe_two_sites(mc, server)
    with mc.engine.begin() as connection:
        state = build_state(connection, mc.cache.redis, NOW)
    assert state["uptime"] == {"sites": 2, "down": 1, "silent": 0}
    assert state["areas"]["uptime"] == "critical"


def test_its_periodic_task_marks_what_fell_silent(mc: Services, server: Flask, worker: Celery) -> None:
    probe_two_sites(mc, server)
    assert SECONDS["mark_silent_sites"] == 60
    assert worker.tasks["mark_silent_sites"]() == 1
    assert scalar(mc, "select state from uptime_sites where site = 'blog-of-ours.org'") == "silent"
    assert worker.tasks["mark_silent_sites"]() == 0


def test_a_report_that_was_asked_for_is_made(
    mc: Services, server: Flask, worker: Celery, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe_two_sites(mc, server)
    operator = person(mc, server, "operator")
    viewer = person(mc, server, "viewer")
    assert viewer("POST", "/api/v1/uptime/reports", {"site": "shop-of-ours.org"}).status_code == 403
    assert operator("POST", "/api/v1/uptime/reports", {"site": "none-of-ours.org"}).status_code == 404
    asked = operator("POST", "/api/v1/uptime/reports", {"site": "shop-of-ours.org"})
    assert asked.status_code == 202
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(worker, "send_task", lambda task, *, args, **_: sent.append((task, *args)))
    assert housekeeping.send_due(worker, mc) == 1
    assert sent == [("make_uptime_report", asked.json["job_id"])]
    worker.tasks["make_uptime_report"].apply(args=[asked.json["job_id"]], task_id=asked.json["job_id"]).get()
    state = scalar(mc, "select state from background_jobs where job_id = :id", id=UUID(asked.json["job_id"]))
    made = scalar(mc, "select probes || '/' || answered from uptime_reports")
    assert (state, made) == ("done", "2/1")
