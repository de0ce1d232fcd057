"""The radar, the curve of the last hour, and the sparklines of an hour that nobody was there to note."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.backlinks.discovery import BLIPS, Discovery
from data.clock import epoch_ms
from data.live import channel
from data.live.state import ask_redis, build_state
from data.live.writes import note_minute
from tests.callers import program

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def found(mc: Services, at: datetime, count: int, authority: int | None, target: str = "acme.io") -> None:
    with mc.engine.begin() as connection:
        connection.execute(
            text("""insert into backlinks (target_domain_name, discovered_date, source_domain_name, url_from, url_to,
                                           domain_authority, spam_score, last_seen)
                    select :target, :at, 'site' || n || '.org', 'u', 'v', :authority, 7, :at
                    from generate_series(1, :count) n"""),
            {"at": at, "count": count, "authority": authority, "target": target},
        )


def look(mc: Services, discovery: Discovery, at: datetime) -> dict[str, Any]:
    with mc.engine.begin() as connection:
        return discovery.live(connection, at)


def test_it_counts_each_minute_by_authority(mc: Services, minute: datetime) -> None:
    for count, authority in ((2, 71), (3, 70), (4, 35), (5, 34), (6, None)):
        found(mc, minute - 5 * MINUTE, count, authority)
    found(mc, minute - 60 * MINUTE, 1, 99)
    found(mc, minute - 61 * MINUTE, 1, 99)
    told = look(mc, Discovery(), minute)["discovery"]
    assert told[str(epoch_ms(minute - 5 * MINUTE))] == [2, 7, 11]
    assert told[str(epoch_ms(minute - 60 * MINUTE))] == [1, 0, 0]
    assert (len(told), sum(map(sum, told.values()))) == (61, 21)


def test_it_hears_of_links_that_come_late_and_forgets_old_minutes(mc: Services, minute: datetime) -> None:
    discovery = Discovery()
    look(mc, discovery, minute)
    found(mc, minute - 30 * MINUTE, 3, 50)
    late = str(epoch_ms(minute - 30 * MINUTE))
    for _ in range(40):
        discovery._state._due = 0.0
        told = look(mc, discovery, minute)["discovery"]
    assert told[late] == [0, 3, 0]
    later = look(mc, discovery, minute + 45 * MINUTE)["discovery"]
    assert late not in later
    assert len(later) == 61


def test_its_radar_shows_the_eight_targets_with_the_most_links_and_their_newest_blips(
    mc: Services, minute: datetime
) -> None:
    for rank in range(10):
        found(mc, minute - rank * MINUTE, 30 - rank, 10 * rank, target=f"target-{9 - rank}.org")
    radar = look(mc, Discovery(), minute)["radar"]
    assert radar["targets"] == [f"target-{n}.org" for n in range(2, 10)]
    assert len(radar["blips"]) == BLIPS
    blip = next(one for one in radar["blips"].values() if one["target"] == "target-8.org")
    assert blip == {"at": epoch_ms(minute - MINUTE), "target": "target-8.org", "da": 10, "spam": 7}
    assert {one["target"] for one in radar["blips"].values()} <= set(radar["targets"])


def test_an_hour_that_nobody_noted_is_told_from_the_records(mc: Services, now: datetime, minute: datetime) -> None:
    with mc.engine.begin() as connection:
        connection.execute(
            text("""insert into crawl_jobs (job_type, target_url, status, created_date, start_time, completed_time)
                    select 'old', 'https://example.org/', case when n = 1 then 'failed' else 'completed' end,
                           :minute - interval '50 min', :minute - interval '40 min', :minute - interval '20 min'
                    from generate_series(1, 3) n"""),
            {"minute": minute},
        )
        connection.execute(
            text("""insert into satellite_performance_logs
                      (satellite_id, created_date, pages_per_minute, success_rate, response_time_ms)
                    select s, :minute - make_interval(mins => m), 20, 1, 5
                    from unnest(array['sat-1', 'sat-2']) s, generate_series(0, 59) m"""),
            {"minute": minute},
        )
        note_minute(
            connection,
            minute,
            {"active_jobs": 9, "satellites_active": 8, "queue_depth": 7, "pages_per_minute": 6.0},
        )
        trends = build_state(connection, mc.cache.redis, now)["trends"]
    assert [len(trend) for trend in trends.values()] == [60] * 5
    before = {name: {back: trend[59 - back] for back in (45, 30, 10, 0)} for name, trend in trends.items()}
    assert before["queue_depth"] == {45: 3, 30: 0, 10: 0, 0: 7}
    assert before["active_jobs"] == {45: 0, 30: 3, 10: 0, 0: 9}
    assert before["satellites_active"] == {45: 2, 30: 2, 10: 2, 0: 8}
    assert before["pages_per_minute"] == {45: 40.0, 30: 40.0, 10: 40.0, 0: 6.0}
    assert before["failures"] == {45: 0, 30: 0, 10: 1, 0: 1}


def test_a_house_without_a_record_has_no_trend_to_show(mc: Services, now: datetime) -> None:
    with mc.engine.begin() as connection:
        trends = build_state(connection, mc.cache.redis, now)["trends"]
    assert {name: trend for name, trend in trends.items() if trend} == {}


def test_an_accepted_row_is_the_newest_event_and_a_refused_one_is_not(mc: Services, server: Flask) -> None:
    send = program(mc, server, "ingest")
    row = {"url_from": "https://a.example/", "url_to": "https://acme.io/", "discovered_date": "2026-01-01T00:00:00Z"}
    assert send("POST", "/api/v1/ingest/backlinks", [{"url_from": 7}]).status_code < 500
    assert ask_redis(mc.cache.redis).newest_event is None
    began = epoch_ms(datetime.now(UTC))
    assert send("POST", "/api/v1/ingest/backlinks", [row]).json["accepted"] == 1
    assert began <= (ask_redis(mc.cache.redis).newest_event or 0) <= epoch_ms(datetime.now(UTC))


def test_the_product_runs_since_somebody_kept_it_so(mc: Services) -> None:
    redis = mc.cache.redis
    channel.keep_started(redis, 1_700_000_000)
    channel.keep_started(redis, 1_700_000_009)
    assert ask_redis(redis).started == 1_700_000_000_000
    assert 0 < int(redis.ttl(channel.STARTED)) <= channel.STARTED_LIFE_S  # type: ignore[arg-type] — one client, no pipeline


@pytest.mark.parametrize(
    ("status", "age_s", "severity"),
    [
        ("failed", 0, "critical"),
        ("failed", 3600, "critical"),
        ("failed", 80_000, "critical"),
        ("abnormal", 0, "serious"),
        ("abnormal", 80_000, "serious"),
    ],
)
def test_a_failure_that_nobody_took_on_is_as_pressing_as_on_its_first_day(
    mc: Services, now: datetime, status: str, age_s: float, severity: str
) -> None:
    with mc.engine.begin() as connection:
        job = connection.scalar(
            text("""insert into crawl_jobs (job_type, target_url, status, created_date, completed_time)
                    values ('t', 'https://example.org/', :status, :at, :at) returning job_id"""),
            {"status": status, "at": now - timedelta(seconds=age_s)},
        )
        state = build_state(connection, mc.cache.redis, now)
    assert state["errors"][job]["severity"] == severity
    assert state["areas"]["missions"] == severity
