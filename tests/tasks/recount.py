"""The same statistics a second time: counted from the raw rows, in SQL that knows nothing of roll-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.areas import VIEWS
from tasks import refresh
from tasks.backlinks import bring_sets_up_to_date

if TYPE_CHECKING:
    from data.services import Services

BANDS = ", ".join(
    f"sum((coalesce(domain_authority, -1) between {low} and {low + 9 + (low == 90)})::int)" for low in range(0, 100, 10)
)
# Which of the three words a rel has, and the decade of an authority, as the schema numbers them.
KIND = """(case when position('nofollow' in rel) > 0 then 1 else 0 end
           + case when position('ugc' in rel) > 0 then 2 else 0 end
           + case when position('sponsored' in rel) > 0 then 4 else 0 end)"""
BAND = "coalesce((array[0,1,2,3,4,5,6,7,8,9,9])[domain_authority / 10 + 1], -1)"
SPAM = "coalesce((array[0,1,2,3,4,5,6,7,8,9,9])[spam_score / 10 + 1], -1)"
STATE = "array_position(array['live','suspected','confirmed_lost','recovered'], link_state) - 1"
RECOUNTS = {
    "mv_daily_job_stats": """
        select (created_date at time zone 'UTC')::date as day, job_type, count(*) as total_jobs,
          sum((status = 'completed')::int) as completed_jobs, sum((status = 'failed')::int) as failed_jobs,
          sum((status = 'cancelled')::int) as cancelled_jobs, sum((status = 'abnormal')::int) as abnormal_jobs,
          sum(pages_crawled) as pages_crawled, sum(links_found) as links_found,
          avg(case when status = 'completed' then extract(epoch from completed_time - start_time) end),
          min(case when status = 'completed' then extract(epoch from completed_time - start_time) end),
          max(case when status = 'completed' then extract(epoch from completed_time - start_time) end),
          avg(progress_percentage)
        from crawl_jobs group by 1, 2""",
    "mv_daily_satellite_performance": """
        select (created_date at time zone 'UTC')::date as day, satellite_id, count(*), avg(pages_per_minute),
          min(pages_per_minute), max(pages_per_minute), avg(success_rate), avg(response_time_ms), max(response_time_ms)
        from satellite_performance_logs group by 1, 2""",
    "mv_daily_backlink_stats": f"""
        with found as (
          select (discovered_date at time zone 'UTC')::date as day, target_domain_name as target, count(*) as n,
            count(distinct source_domain_name) as domains, avg(domain_authority) as mean, min(domain_authority) as low,
            max(domain_authority) as high, sum((coalesce(domain_authority, 0) > 70)::int) as strong,
            sum((coalesce(spam_score, 0) >= 60)::int) as spam, sum((rel ~ 'nofollow|ugc|sponsored')::int) as nofollow,
            array[{BANDS}] as bands
          from backlinks group by 1, 2),
        lost as (
          select (lost_date at time zone 'UTC')::date as day, target_domain_name as target, count(*) as n
          from backlinks where lost_date is not null group by 1, 2)
        select day, target, coalesce(f.n, 0), coalesce(domains, 0), mean, low, high, coalesce(strong, 0),
          coalesce(spam, 0), coalesce(l.n, 0), coalesce(nofollow, 0),
          coalesce(bands, array_fill(0::bigint, array[10]))
        from found f full join lost l using (day, target)""",
    "mv_daily_domain_stats": """
        select (created_date at time zone 'UTC')::date, availability_status, count(*),
          sum((availability_status = 'available' and coalesce(estimated_value, 0) > 1000)::int),
          sum((coalesce(expires_at < date_trunc('day', created_date, 'UTC') + interval '1 day', false))::int),
          avg(domain_authority), max(domain_authority), count(estimated_value), coalesce(sum(estimated_value), 0),
          avg(estimated_value), max(estimated_value)
        from domains group by 1, 2""",
    "backlink_hour_sources": f"""
        select target_domain_name, date_trunc('hour', discovered_date, 'UTC'), source_domain_name, coalesce(anchor, ''),
          {KIND} as kind, coalesce(domain_authority, -1), simulated, count(*), sum((lost_date is null)::int),
          sum((coalesce(spam_score, 0) >= 60)::int), min(discovered_date), max(discovered_date), max(spam_score),
          {SPAM} as spam, {STATE} as state
        from backlinks group by 1, 2, 3, 4, 5, 6, 7, spam, state""",
    "backlink_target_sources": f"""
        select target_domain_name, source_domain_name, {KIND} as kind, {BAND} as band, simulated, count(*),
          sum((lost_date is null)::int), min(discovered_date), max(discovered_date), max(domain_authority),
          max(spam_score), {SPAM} as spam, {STATE} as state
        from backlinks group by 1, 2, 3, 4, 5, spam, state""",
    "rollup_backlinks_states_daily": f"""
        select target_domain_name, (discovered_date at time zone 'UTC')::date, {SPAM} as spam, {STATE} as state,
          {BAND} as band, simulated, count(*), sum((coalesce(domain_authority, 0) > 70)::int),
          sum((coalesce(spam_score, 0) >= 60)::int), coalesce(sum(domain_authority), 0)
        from backlinks group by 1, 2, 3, 4, 5, 6""",
    "rollup_backlinks_kinds_daily": f"""
        select target_domain_name, (discovered_date at time zone 'UTC')::date, {KIND} as kind, {BAND} as band,
          simulated, count(*), sum((coalesce(domain_authority, 0) > 70)::int),
          sum((coalesce(spam_score, 0) >= 60)::int), coalesce(sum(domain_authority), 0)
        from backlinks group by 1, 2, 3, 4, 5""",
    "backlink_target_totals": """
        select target_domain_name, simulated, count(*), count(*) filter (where lost_date is null),
          count(distinct source_domain_name), count(distinct source_domain_name) filter (where lost_date is null)
        from backlinks group by 1, 2""",
    "rollup_backlinks_lost_daily": """
        select target_domain_name, (lost_date at time zone 'UTC')::date, coalesce(lost_reason, 'unknown'), simulated,
          count(*), sum((coalesce(domain_authority, 0) > 70)::int), coalesce(sum(domain_authority), 0)
        from backlinks where lost_date is not null group by 1, 2, 3, 4""",
    "mission_control_summary": """
        select 1, count(case when status = 'running' then 1 end), count(case when status = 'queued' then 1 end),
          count(case when status = 'completed' then 1 end), count(case when status = 'paused' then 1 end),
          count(case when status in ('failed', 'abnormal') then 1 end), avg(progress_percentage),
          coalesce(sum(pages_crawled), 0)
        from crawl_jobs where created_date >= now() - interval '24 hours'""",
}


def rows(mc: Services, statement: str) -> list[tuple[Any, ...]]:
    with mc.engine.begin() as connection:
        found = [tuple(row) for row in connection.execute(text(statement))]
    return sorted((tuple(_plain(value) for value in row) for row in found), key=str)


def _plain(value: Any) -> Any:
    """Numbers of any kind as rounded floats: NUMERIC, bigint and float8 are compared by what they say."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    try:
        return float(f"{float(value):.9g}") + 0.0
    except (TypeError, ValueError):
        return str(value)


def bring_all_up_to_date(mc: Services) -> None:
    while refresh.bring_up_to_date(mc) + bring_sets_up_to_date(mc):
        pass
    with mc.engine.begin() as connection:
        connection.execute(text("update view_stamps set due_at = '-infinity'"))
    assert set(refresh.refresh_due(mc)) == {view.name for view in VIEWS}


def assert_exact(mc: Services) -> None:
    """Every view says what a recount of the raw rows says."""
    bring_all_up_to_date(mc)
    for view, recount in RECOUNTS.items():
        assert rows(mc, f"select * from {view}") == rows(mc, recount), view


def versions(mc: Services) -> dict[str, int]:
    with mc.engine.begin() as connection:
        return {row.view: row.version for row in connection.execute(text("select view, version from view_stamps"))}
