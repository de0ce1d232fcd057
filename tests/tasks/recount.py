"""The same statistics a second time: counted from the raw rows, in SQL that knows nothing of roll-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.views import VIEWS
from tasks import refresh

if TYPE_CHECKING:
    from data.services import Services

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
    "mv_daily_backlink_stats": """
        select (discovered_date at time zone 'UTC')::date as day, target_domain_name, count(*),
          count(distinct source_domain_name), avg(domain_authority), min(domain_authority), max(domain_authority),
          sum((coalesce(domain_authority, 0) > 70)::int), sum((coalesce(spam_score, 0) >= 60)::int),
          sum((lost_date is not null)::int)
        from backlinks group by 1, 2""",
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
    while refresh.bring_up_to_date(mc):
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
