"""The daily statistics are exact, whatever was written, changed, removed, late or at the same moment."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.areas import VIEWS
from tasks import refresh
from tests.callers import program
from tests.crawls import crew
from tests.tasks import recount

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

NOW = datetime.now(UTC)
SETS = ("backlink_hour_sources", "backlink_target_sources", "rollup_backlinks_kinds_daily", "backlink_target_totals")


def some_time(dice: random.Random, days: float = 3) -> str:
    return (NOW - timedelta(days=dice.random() * days)).isoformat()


def samples(dice: random.Random, n: int) -> list[dict[str, Any]]:
    return [
        {
            "satellite_id": f"SAT-{dice.randrange(3)}",
            "created_date": some_time(dice),
            "pages_per_minute": dice.random() * 100,
            "success_rate": dice.random(),
            "response_time_ms": dice.random() * 1000,
        }
        for _ in range(n)
    ]


def links(dice: random.Random, n: int) -> list[dict[str, Any]]:
    return [
        {
            "url_from": f"https://www.source{dice.randrange(12)}.com/{dice.randrange(10**6)}",
            "url_to": f"https://target{dice.randrange(3)}.org/",
            "discovered_date": some_time(dice),
            "domain_authority": dice.choice([None, *range(0, 101, 10)]),
            "spam_score": dice.choice([None, 10, 59, 60, 100]),
            "anchor": dice.choice([None, "us", "them"]),
            "rel": dice.choice([None, "nofollow", "ugc nofollow", "sponsored", "noopener"]),
        }
        | dice.choice([{}, {}, {"lost_date": NOW.isoformat(), "lost_reason": dice.choice(["not_found", "dropped"])}])
        for _ in range(n)
    ]


def history(dice: random.Random, n: int) -> list[dict[str, Any]]:
    rows = []
    for _ in range(n):
        created = datetime.fromisoformat(some_time(dice))
        rows.append(
            {
                "job_id": f"J-{dice.randrange(10**9)}",
                "job_type": dice.choice(["crawl", "audit"]),
                "status": dice.choice(["completed", "failed", "cancelled", "abnormal"]),
                "target_url": "target1.org",
                "created_date": created.isoformat(),
                "start_time": dice.choice([None, created.isoformat()]),
                "completed_time": min(NOW, created + timedelta(seconds=dice.randrange(5000))).isoformat(),
                "progress_percentage": dice.randrange(101),
                "pages_crawled": dice.randrange(500),
                "links_found": dice.randrange(500),
            }
        )
    return rows


def feed(caller: Caller, dice: random.Random, n: int = 40) -> None:
    for stream, rows in (
        ("satellite_performance", samples(dice, n)),
        ("backlinks", links(dice, n)),
        ("missions", history(dice, n)),
    ):
        answer = caller("POST", f"/api/v1/ingest/{stream}", rows)
        assert answer.status_code == 200, answer.text
        assert answer.json["rejected"] == []


@pytest.fixture
def crawler(mc: Services, server: Flask) -> Caller:
    return program(mc, server, "ingest")


def test_the_views_equal_a_recount_and_stay_so_when_late_rows_arrive(mc: Services, crawler: Caller) -> None:
    recount.bring_all_up_to_date(mc)
    before = recount.versions(mc)
    dice = random.Random(1)
    for _ in range(3):
        feed(crawler, dice)
        recount.assert_exact(mc)
    assert recount.rows(mc, "select count(*) from mv_daily_job_stats") > [(2.0,)]
    assert recount.versions(mc) == {view: version + 3 for view, version in before.items()}


def test_a_link_that_changes_changes_its_day(mc: Services, crawler: Caller) -> None:
    dice = random.Random(2)
    rows = links(dice, 30)
    crawler("POST", "/api/v1/ingest/backlinks", rows)
    recount.assert_exact(mc)
    changed = [
        row | {"domain_authority": 99, "spam_score": 99, "lost_date": None, "lost_reason": None} for row in rows[:20]
    ]
    later = [row | {"discovered_date": NOW.isoformat(), "last_seen": NOW.isoformat()} for row in changed]
    assert crawler("POST", "/api/v1/ingest/backlinks", later).json["accepted"] == 20
    recount.assert_exact(mc)
    assert recount.rows(mc, "select sum(spam_backlinks) >= 20 from mv_daily_backlink_stats") == [(True,)]


CHANGES = (
    "delete from backlinks where {}",
    "update backlinks set domain_authority = domain_authority * 9 / 10, rel = 'nofollow ugc' where {}",
    "update backlinks set spam_score = spam_score / 2, anchor = 'other' where {}",
    "update backlinks set lost_date = now(), lost_reason = 'dropped' where lost_date is null and {}",
    "update backlinks set lost_date = null where {}",
)


def change_all(mc: Services, changes: tuple[str, ...], lot: str) -> None:
    """Each change twice, each time to another fourth of the rows: after each of them all is exact."""
    for place, change in enumerate(changes * 2):
        with mc.engine.begin() as connection:
            done = connection.execute(text(change.format(f"abs({lot.format(place)}) % 4 = 0")))
        assert done.rowcount, change
        recount.assert_exact(mc)


def test_the_sets_stay_exact_when_what_was_first_last_best_or_worst_goes(mc: Services, crawler: Caller) -> None:
    answer = crawler("POST", "/api/v1/ingest/backlinks", links(random.Random(7), 150))
    assert answer.json["accepted"] == 150, answer.json
    recount.assert_exact(mc)
    change_all(mc, CHANGES, "hashint8(backlink_id + {})")


KNOWN = """
insert into domains (domain_name, domain_authority, availability_status, estimated_value, expires_at, created_date)
select 'known-' || n || '.net', nullif(n * 7 % 97, 3), (array['available', 'expired', 'registered'])[1 + n % 3],
  nullif(n * 131 % 3000, 131), now() + interval '1 hour' * (n % 90 - 70), now() - interval '1 hour' * (n % 60)
from generate_series(1, 120) n"""
OTHERWISE = (
    "delete from domains where {}",
    "update domains set domain_authority = 100 where {}",
    "update domains set domain_authority = domain_authority / 2, estimated_value = null where {}",
    "update domains set availability_status = 'available', expires_at = null where {}",
    "update domains set created_date = created_date - interval '1 day', estimated_value = 1001 where {}",
)


def test_the_days_of_domains_stay_exact_when_the_best_of_a_day_goes(mc: Services) -> None:
    with mc.engine.begin() as connection:
        connection.execute(text(KNOWN))
    recount.assert_exact(mc)
    change_all(mc, OTHERWISE, "hashtext(domain_name || {})")
    with mc.engine.begin() as connection:
        connection.execute(text("delete from domains"))
    recount.assert_exact(mc)
    assert recount.rows(mc, "select count(*) from mv_daily_domain_stats") == [(0.0,)]


def test_the_removal_of_a_simulation_leaves_what_is_real(mc: Services, server: Flask, crawler: Caller) -> None:
    dice = random.Random(3)
    feed(crawler, dice, 20)
    recount.assert_exact(mc)
    real = [recount.rows(mc, f"select * from {view.name}") for view in VIEWS]
    simulator = program(mc, server, "ingest", name="simulator", simulated=True)
    feed(simulator, dice, 60)
    recount.assert_exact(mc)
    assert program(mc, server, "admin")("DELETE", "/api/v1/simulation").status_code == 200
    recount.assert_exact(mc)
    assert [recount.rows(mc, f"select * from {view.name}") for view in VIEWS] == real
    for table in ("rollup_jobs_hourly", "rollup_satellite_hourly", "rollup_backlinks_hourly", *SETS):
        assert recount.rows(mc, f"select count(*) from {table} where simulated") == [(0.0,)]


def test_one_of_two_sources_of_a_day_may_go(mc: Services, crawler: Caller) -> None:
    """The set of a day's sources keeps a domain as long as any link from it is left, in whatever hour."""
    day = (NOW - timedelta(days=1)).replace(hour=3)
    link = {"url_to": "https://t.org/", "discovered_date": day.isoformat()}
    rows = [
        link | {"url_from": "https://a.com/1"},
        link | {"url_from": "https://a.com/2", "discovered_date": (day + timedelta(hours=5)).isoformat()},
        link | {"url_from": "https://b.com/1"},
    ]
    crawler("POST", "/api/v1/ingest/backlinks", rows)
    for gone, left in (("https://a.com/1", 2), ("https://b.com/1", 1), ("https://a.com/2", None)):
        with mc.engine.begin() as connection:
            connection.execute(text("delete from backlinks where url_from = :url"), {"url": gone})
        recount.assert_exact(mc)
        found = recount.rows(mc, "select unique_domains from mv_daily_backlink_stats")
        assert found == ([(float(left),)] if left else [])


def test_every_change_of_a_missions_state_is_counted(mc: Services, server: Flask) -> None:
    team = crew(mc, server)
    first, second, third = team.submit(), team.submit(job_type="audit"), team.submit()
    recount.assert_exact(mc)
    team.register()
    team.lease()
    team.report(first, pages_crawled=5, pages_queued=5, links_found=3)
    team.act(second, "pause")
    recount.assert_exact(mc)
    team.report(first, status="completed", pages_crawled=10)
    team.act(second, "cancel")
    team.lease()
    team.lose(third)
    team.reap()
    recount.assert_exact(mc)
    summary = "select active_jobs, queued_jobs, completed_jobs, failed_jobs from mission_control_summary"
    assert recount.rows(mc, summary) == [(0.0, 0.0, 1.0, 1.0)]


def test_writers_and_refreshers_at_the_same_time_lose_nothing(
    mc: Services, server: Flask, together: Callable[..., list[Any]]
) -> None:
    def write(seed: int, *, simulated: bool) -> Callable[[], None]:
        caller = program(mc, server, "ingest", name=f"crawler {seed}", simulated=simulated)
        dice = random.Random(seed)
        return lambda: [feed(caller, dice, 15) for _ in range(8)] and None

    def refresh_often() -> int:
        return sum(refresh.bring_up_to_date(mc, budget_s=0.05) for _ in range(40))

    together(
        write(1, simulated=False), write(2, simulated=True), write(3, simulated=False), refresh_often, refresh_often
    )
    recount.assert_exact(mc)


def test_where_nothing_was_touched_nothing_is_computed(mc: Services, crawler: Caller) -> None:
    feed(crawler, random.Random(4))
    recount.bring_all_up_to_date(mc)
    tables = ("rollup_jobs_hourly", "rollup_satellite_hourly", "rollup_backlinks_hourly", *SETS)

    def places() -> list[Any]:
        return [recount.rows(mc, f"select ctid::text, xmin::text from {table}") for table in tables]

    before = places()
    assert refresh.bring_up_to_date(mc) == 0
    assert refresh.refresh_due(mc) == []
    assert places() == before
    sample = {"satellite_id": "SAT-new", "pages_per_minute": 1, "success_rate": 1, "response_time_ms": 1}
    crawler("POST", "/api/v1/ingest/satellite_performance", [sample])
    assert refresh.bring_up_to_date(mc) == 1
    after = places()
    assert after[0] == before[0]
    assert len(after[1]) == len(before[1]) + 1
    assert set(before[1]) < set(after[1])


def test_only_so_many_buckets_are_done_at_once(mc: Services) -> None:
    with mc.engine.begin() as connection:
        connection.execute(
            text("""insert into touched_buckets select 'jobs', now() - n * interval '1 hour', 'none'
                    from generate_series(1, 45000) n""")
        )
    assert refresh.bring_up_to_date(mc, budget_s=0) == 0
    assert refresh.bring_up_to_date(mc, budget_s=0.001) == 20_000
    assert refresh.bring_up_to_date(mc) == 25_000


def test_two_beats_do_no_harm(mc: Services, crawler: Caller, together: Callable[..., list[Any]]) -> None:
    feed(crawler, random.Random(5))
    with mc.engine.begin() as connection:
        touched: int = connection.execute(
            text("select count(*) from (select distinct rollup, bucket, key from touched_buckets) t")
        ).scalar_one()
    done = together(*[lambda: refresh.bring_up_to_date(mc)] * 4)
    assert sum(done) + refresh.bring_up_to_date(mc) == touched
    together(*[lambda: refresh.refresh_due(mc)] * 3)
    recount.assert_exact(mc)


def test_a_refresh_lock_that_is_held_elsewhere_is_not_waited_for(mc: Services, crawler: Caller) -> None:
    feed(crawler, random.Random(6))
    with mc.engine.begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext('refresh_rollups'))"))
        assert refresh.bring_up_to_date(mc) == 0
    assert refresh.bring_up_to_date(mc) > 0
