"""The live state against real tables: each number is what the rows say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data import views
from data.cache import JOB_QUEUE
from data.clock import epoch_ms
from data.live.state import Builder
from data.missions import commands, fleet, writes
from data.permissions import SYSTEM
from tests.callers import commanded
from tests.integration.live.conftest import heartbeat, report, start, submit

if TYPE_CHECKING:
    from data.services import Services


def nulls(value: Any) -> list[Any]:
    """Objects of the state that hold a null: a patch would delete it."""
    if isinstance(value, dict):
        return [value] * (None in value.values()) + [found for one in value.values() for found in nulls(one)]
    return [found for one in value for found in nulls(one)] if isinstance(value, list) else []


def test_it_says_zero_of_an_empty_house_and_leaves_out_what_nobody_can_know(mc: Services, look: Any) -> None:
    with mc.engine.begin() as connection:
        views.refresh_view(connection, "mv_daily_job_stats")  # what an earlier test left there is gone
    state = look()
    assert state["summary"] == {
        "active_jobs": 0,
        "queued_jobs": 0,
        "paused_jobs": 0,
        "completed_24h": 0,
        "failed_24h": 0,
        "pages_total": 0,
        "pages_per_minute": 0,
        "links_24h": 0,
        "satellites_active": 0,
        "satellites_total": 0,
        "utilisation": 0.0,
        "drain_s": 0,
    }
    empty = ("active_jobs", "satellite_status", "errors", "api_quotas", "alerts")
    assert [state[key] for key in empty] == [{}] * 5
    assert (state["recent_discoveries"], state["queue_depth"], state["simulation"]) == ([], 0, False)
    assert nulls(state) == []


def test_it_shows_a_running_job_as_its_satellite_reports_it(mc: Services, look: Any) -> None:
    job_id = start(mc)
    report(mc, job_id, 12)
    state = look()
    job = state["active_jobs"][job_id]
    shown = {
        name: job[name] for name in ("status", "target", "priority", "pages_crawled", "pages_queued", "links_found")
    }
    assert shown == {
        "status": "running",
        "target": "https://example.org/",
        "priority": 10,
        "pages_crawled": 12,
        "pages_queued": 40,
        "links_found": 7,
    }
    assert (job["satellites"], job["errors"], job["stalled"], job["simulated"]) == (["sat-1"], 1, False, False)
    assert abs(job["started"] - state["as_of"]) < 5_000
    assert state["summary"]["active_jobs"] == 1
    assert nulls(state) == []


def test_a_satellite_that_has_just_begun_has_a_rate_that_is_not_known(mc: Services, look: Any) -> None:
    start(mc)
    heartbeat(mc, "sat-1", 0.0, "idle")
    assert look()["summary"]["pages_per_minute"] == 0
    start(mc)
    state = look()
    assert "pages_per_minute" not in state["summary"]
    assert "ppm" not in state["satellite_status"]["sat-1"]
    assert nulls(state) == []
    heartbeat(mc, "sat-1", 52.2)
    assert look()["summary"]["pages_per_minute"] == 52.2


def test_it_counts_what_waits_and_how_long(mc: Services, look: Any, now: datetime) -> None:
    for priority in (3, 9):
        submit(mc, priority=priority)
    paused = submit(mc)
    commanded(mc, commands.act, paused, "pause")
    state = look(now + timedelta(seconds=90))
    summary = state["summary"]
    assert (summary["queued_jobs"], summary["paused_jobs"]) == (2, 1)
    assert state["queue_depth"] == mc.cache.redis.llen(JOB_QUEUE) == 2
    assert 88 <= summary["queue_oldest_s"] <= 91
    assert "drain_s" not in summary


def test_it_keeps_what_ended_on_the_board_for_a_minute_and_counts_it_for_a_day(
    mc: Services, look: Any, now: datetime
) -> None:
    done, broken = start(mc), start(mc)
    report(mc, done, 50, "completed")
    report(mc, broken, 5, "failed", "the site is gone")
    submit(mc)
    state = look()
    assert {state["active_jobs"][job]["status"] for job in (done, broken)} == {"completed", "failed"}
    assert (state["summary"]["completed_24h"], state["summary"]["failed_24h"]) == (1, 1)
    assert state["summary"]["mean_completion_s"] == 0
    assert state["summary"]["drain_s"] == 3600
    error = state["errors"][broken]
    assert (error["status"], error["message"], error["satellite"]) == ("failed", "the site is gone", "sat-1")
    later = look(now + timedelta(seconds=62))
    assert done not in later["active_jobs"]
    assert later["summary"]["completed_24h"] == 1
    assert look(now + timedelta(hours=25))["summary"]["completed_24h"] == 0


def test_it_knows_satellites_by_what_was_last_heard_of_them(mc: Services, look: Any, now: datetime) -> None:
    job_id = start(mc, "sat-1")
    for satellite_id in ("sat-2", "sat-3"):
        with mc.engine.begin() as connection:
            fleet.register(
                connection, SYSTEM, satellite_id, {"name": "N", "hostname": "", "version": "", "max_jobs": 1}
            )
    heartbeat(mc, "sat-1", 42.24, jobs=(job_id,))
    heartbeat(mc, "sat-2", 0, "idle")
    heartbeat(mc, "sat-3", 10, "paused")
    state = look()
    fleet_now = state["satellite_status"]
    assert {name: one["status"] for name, one in fleet_now.items()} == {
        "sat-1": "active",
        "sat-2": "idle",
        "sat-3": "paused",
    }
    assert (fleet_now["sat-1"]["job_id"], fleet_now["sat-1"]["ppm"], "job_id" in fleet_now["sat-2"]) == (
        job_id,
        42.2,
        False,
    )
    summary = state["summary"]
    assert (summary["satellites_active"], summary["satellites_total"], summary["utilisation"]) == (1, 3, 33.3)
    assert summary["pages_per_minute"] == 52.2
    late = look(now + timedelta(seconds=30))
    assert {one["status"] for one in late["satellite_status"].values()} == {"late"}
    assert late["summary"]["pages_per_minute"] == 0
    lost = look(now + timedelta(seconds=70))
    assert {one["status"] for one in lost["satellite_status"].values()} == {"lost"}
    assert look(now + timedelta(days=1, seconds=10))["satellite_status"] == {}


def test_it_says_what_a_running_job_has_to_say_and_only_while_it_runs(mc: Services, look: Any) -> None:
    job_id, late = start(mc), "1,240 links waiting to be delivered for 40 s"
    report(mc, job_id, 12, message=late)
    assert look()["active_jobs"][job_id]["note"] == late
    report(mc, job_id, 13)
    assert "note" not in look()["active_jobs"][job_id]
    report(mc, job_id, 14, "completed", "2 could not be fetched")
    assert "note" not in look()["active_jobs"][job_id]


def test_it_says_that_a_running_job_stands_still(mc: Services, look: Any, now: datetime) -> None:
    job_id = start(mc)
    builder = Builder()
    assert look(now, builder)["active_jobs"][job_id]["stalled"] is False
    assert look(now + timedelta(seconds=125), builder)["active_jobs"][job_id]["stalled"] is True
    report(mc, job_id, 1)
    assert look(now + timedelta(seconds=126), builder)["active_jobs"][job_id]["stalled"] is False


def test_it_shows_at_most_two_hundred_jobs_and_those_at_work_first(mc: Services, look: Any) -> None:
    job_id = start(mc)
    with mc.engine.begin() as connection:
        for number in range(260):
            writes.submit(
                connection, SYSTEM, job_type="t", target_url=f"https://e{number}.org/", priority=1 + number % 9
            )
    state = look()
    priorities = [job["priority"] for job in state["active_jobs"].values()]
    assert len(priorities) == 200
    assert next(iter(state["active_jobs"])) == job_id
    assert priorities == sorted(priorities, reverse=True)
    assert state["summary"]["queued_jobs"] == 260


def test_it_shows_the_twenty_newest_links_and_none_from_the_future(mc: Services, look: Any, now: datetime) -> None:
    with mc.engine.begin() as connection:
        connection.execute(
            text("""insert into backlinks (target_domain_name, discovered_date, source_domain_name, url_from, url_to,
                                           domain_authority, last_seen)
                    select 'acme.io', cast(:now as timestamptz) - make_interval(hours => n), 'site' || n || '.org',
                           'u', 'v', case when n % 2 = 0 then abs(n) end, now()
                    from generate_series(-3, 30) n"""),
            {"now": now},
        )
    links = look(now)["recent_discoveries"]
    assert [link["source"] for link in links] == [f"site{n}.org" for n in range(20)]
    assert links[4] == {
        "id": links[4]["id"],
        "at": epoch_ms(now - timedelta(hours=4)),
        "source": "site4.org",
        "target": "acme.io",
        "da": 4,
    }
    assert "da" not in links[1]
