"""The queries with which this product was asked for run as they were written, and say what is so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data import views
from tasks import refresh
from tasks.backlinks import bring_sets_up_to_date
from tests.callers import program
from tests.crawls import Crew, crew

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

NOW = datetime.now(UTC)


def ask(mc: Services, name: str) -> list[dict[str, Any]]:
    query = (Path(__file__).parent / "seed_queries" / f"{name}.sql").read_text(encoding="utf-8")
    with mc.engine.begin() as connection:
        return [dict(row) for row in connection.exec_driver_sql(query).mappings()]


@pytest.fixture
def team(mc: Services, server: Flask) -> Crew:
    return crew(mc, server)


@pytest.fixture
def crawler(mc: Services, server: Flask) -> Caller:
    return program(mc, server, "ingest")


def ago(**time: float) -> str:
    return (NOW - timedelta(**time)).isoformat()


def send(crawler: Caller, stream: str, rows: list[dict[str, Any]]) -> None:
    answer = crawler("POST", f"/api/v1/ingest/{stream}", rows)
    assert answer.json == {"accepted": len(rows), "duplicates": 0, "rejected": []}


def bring_up_to_date(mc: Services) -> None:
    refresh.bring_up_to_date(mc)
    bring_sets_up_to_date(mc)
    with mc.engine.begin() as connection:
        views.refresh_view(connection, "mv_daily_backlink_stats")


def page_of(team: Crew, target: str) -> dict[str, Any]:
    """What the Backlinks page counts of a target, in the words of the query."""
    answer = team.operator("GET", f"/api/v1/backlinks/summary?target={target}&from=now-90d&to=now").json
    now = next(item for item in answer["items"] if item["period"] == "now")
    return {
        "target_domain_name": answer["target"],
        "total_backlinks": now["links"],
        "unique_domains": now["domains"],
        "avg_authority": pytest.approx(now["authority"]),
        "discovered_last_24h": answer["last_24h"]["new"],
    }


def test_the_missions_that_go_on_with_the_satellites_that_work_on_them_now(team: Crew) -> None:
    team.register("SAT-A")
    team.register("SAT-B")
    handed_on, fresh = team.submit(priority=10), team.submit(priority=9)
    paused, ended, waiting = team.submit(priority=8), team.submit(priority=7), team.submit(priority=1)
    for _ in range(4):
        team.lease("SAT-A")
    team.report(handed_on, "SAT-A", pages_crawled=5, pages_queued=5)
    team.lose(handed_on)
    team.reap()
    team.act(handed_on, "retry")
    assert team.lease("SAT-B") is not None
    team.report(handed_on, "SAT-B", pages_crawled=1, pages_queued=3)
    team.report(ended, "SAT-A", status="completed", pages_crawled=1)
    team.act(paused, "pause")
    found = {row["job_id"]: row for row in ask(team.mc, "missions")}
    assert {job: (row["status"], row["active_satellites"]) for job, row in found.items()} == {
        handed_on: ("running", 1),
        fresh: ("running", 1),
        paused: ("paused", 1),
        waiting: ("queued", 0),
    }
    assert (found[handed_on]["progress_percentage"], found[handed_on]["job_type"]) == (25, "full_site_crawl")
    assert found[waiting]["start_time"] is None
    assert found[waiting]["target_url"] == "https://example.org/"


def test_the_links_to_the_targets_of_missions_that_completed(team: Crew, crawler: Caller) -> None:
    for target in ("acme.io", "quiet.org", "running.net"):
        team.register()
        job = team.start(target_url=target)
        if target != "running.net":
            team.report(job, status="completed", pages_crawled=1)

    def link(source: str, target: str, authority: int | None, **time: float) -> dict[str, Any]:
        row = {"url_from": f"https://{source}", "url_to": f"https://www.{target}/", "discovered_date": ago(**time)}
        return row | {"domain_authority": authority}

    send(
        crawler,
        "backlinks",
        [
            link("a.com/1", "acme.io", 80, hours=1),
            link("www.a.com/2", "acme.io", 40, hours=23),
            link("b.co.uk/1", "acme.io", None, days=3),
            link("c.com/1", "quiet.org", 10, days=40),
            link("c.com/2", "running.net", 10, hours=1),
            link("c.com/3", "nobody.net", 10, hours=1),
            link("gone.com/1", "acme.io", 60, days=60) | {"lost_date": ago(days=30), "lost_reason": "not_found"},
        ],
    )
    found = ask(team.mc, "backlinks")
    bring_up_to_date(team.mc)
    assert [page_of(team, row["target_domain_name"]) for row in found] == found, "the page says the same"
    assert found == [
        {
            "target_domain_name": "acme.io",
            "total_backlinks": 4,
            "unique_domains": 3,
            "avg_authority": 60,
            "discovered_last_24h": 2,
        },
        {
            "target_domain_name": "quiet.org",
            "total_backlinks": 1,
            "unique_domains": 1,
            "avg_authority": 10,
            "discovered_last_24h": 0,
        },
    ]


def test_the_domains_worth_buying_with_the_links_to_them(mc: Services, server: Flask, crawler: Caller) -> None:
    domain = {"availability_status": "available", "domain_authority": 50}
    send(
        crawler,
        "domains",
        [
            domain | {"domain_name": "gold.com", "estimated_value": 5000.5},
            domain | {"domain_name": "bare.com", "estimated_value": 1000.01},
            domain | {"domain_name": "cheap.com", "estimated_value": 1000},
            domain | {"domain_name": "unpriced.com"},
            domain | {"domain_name": "taken.com", "estimated_value": 9000, "availability_status": "registered"},
        ],
    )
    links = [{"url_from": f"https://s{i}.com/", "url_to": "https://gold.com/", "domain_authority": i} for i in (20, 40)]
    send(crawler, "backlinks", links)
    found = [tuple(row.values()) for row in ask(mc, "domains")]
    assert [(name, float(value), n, average) for name, _, _, value, n, average in found] == [
        ("gold.com", 5000.5, 2, 30),
        ("bare.com", 1000.01, 0, None),
    ]
    assert {(authority, status) for _, authority, status, *_ in found} == {(50, "available")}
    bring_up_to_date(mc)
    shown = program(mc, server, "read")("GET", "/api/v1/domains/opportunities").json["items"]
    columns = ("domain_name", "domain_authority", "availability_status", "estimated_value", "backlink_count")
    assert [tuple(row[name] for name in (*columns, "avg_backlink_authority")) for row in shown] == [
        (name, authority, status, str(value), n, average) for name, authority, status, value, n, average in found
    ], "the page says the same"


def test_the_satellites_of_the_week_the_fastest_first(mc: Services, crawler: Caller) -> None:
    def sample(name: str, speed: float, success: float, response: float, **time: float) -> dict[str, Any]:
        row = {"satellite_id": name, "pages_per_minute": speed, "success_rate": success, "created_date": ago(**time)}
        return row | {"response_time_ms": response}

    send(
        crawler,
        "satellite_performance",
        [
            sample("SLOW", 10, 0.5, 100, hours=1),
            sample("FAST", 100, 1, 50, days=1),
            sample("FAST", 50, 0.5, 150, days=6.9),
            sample("FAST", 9000, 0, 9000, days=7.1),
            sample("GONE", 9000, 1, 1, days=30),
        ],
    )
    assert [tuple(row.values()) for row in ask(mc, "performance")] == [
        ("FAST", 75, 0.75, 2, 100),
        ("SLOW", 10, 0.5, 1, 100),
    ]


def test_the_summary_of_a_day_is_the_view_of_that_name(team: Crew, crawler: Caller) -> None:
    old = {"job_type": "crawl", "target_url": "a.org", "status": "completed", "created_date": ago(hours=25)}
    send(crawler, "missions", [old | {"job_id": "old"}, old | {"job_id": "young", "created_date": ago(hours=2)}])
    running = team.start()
    team.report(running, pages_crawled=1, pages_queued=1)
    team.submit()
    with team.mc.engine.begin() as connection:
        views.refresh_view(connection, "mission_control_summary")
        columns = "active_jobs, queued_jobs, completed_jobs, avg_progress"
        view = [
            dict(row) for row in connection.execute(text(f"select {columns} from mission_control_summary")).mappings()
        ]
    assert view == ask(team.mc, "summary")
    assert view == [{"active_jobs": 1, "queued_jobs": 1, "completed_jobs": 1, "avg_progress": pytest.approx(50 / 3)}]


def test_the_cards_of_the_board(team: Crew) -> None:
    for _ in range(3):
        team.submit()
    team.register()
    leased = team.lease()
    assert leased is not None
    team.report(leased["job_id"], pages_crawled=42)
    with team.mc.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(job_id) FROM crawl_jobs WHERE status='running'").scalar() == 1
        assert connection.exec_driver_sql("SELECT SUM(pages_crawled) FROM crawl_jobs").scalar() == 42
        index = "SELECT indexdef FROM pg_indexes WHERE indexname = 'idx_mission_control_performance'"
        assert "(status, created_date, progress_percentage)" in str(connection.exec_driver_sql(index).scalar())
    assert team.mc.cache.redis.llen("job_queue") == 2
