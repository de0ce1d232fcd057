"""The simulator's traces: every row it sent is marked, and all of them go at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data.access.writes import audit
from data.backlinks.sets import hold_sets
from data.deadline import take_time

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.permissions import Actor

_TABLES = (
    "satellite_assignment_history",
    "satellites",
    "crawl_jobs",
    "satellite_performance_logs",
    "domains",
    "brand_mentions",
    "api_usage",
)
REMOVAL_S = 600
_ROLLUPS = (
    "rollup_jobs_hourly",
    "rollup_satellite_hourly",
    "rollup_backlinks_hourly",
    "rollup_backlinks_lost_daily",
    "backlink_hour_sources",
    "backlink_target_sources",
    "rollup_backlinks_kinds_daily",
    "backlink_target_totals",
    "backlink_link_checks",
    "backlink_signal_log",
    "competitor_sets",
)
_DERIVED = ("domain_history", "domain_values", "brand_mention_identities", "rollup_mentions_daily", "watched_domains")
_QUOTAS = (
    "api_reservations",
    "api_quota_state",
    "api_cache",
    "api_decisions",
    "api_state_changes",
    "rollup_api_usage_hourly",
    "rollup_api_usage_daily",
)


def remove(connection: Connection, actor: Actor) -> dict[str, int]:
    """Rows removed per table. The simulation's own rows of the roll-ups go too, the final ones included."""
    take_time(connection, REMOVAL_S)
    hold_sets(connection)
    removed = {"backlinks": _remove_backlinks(connection)}
    for table in _TABLES:
        removed[table] = connection.execute(text(f"delete from {table} where simulated")).rowcount
    for table in (*_ROLLUPS, *_DERIVED, *_QUOTAS, "ingest_receipts"):
        connection.execute(text(f"delete from {table} where simulated"))
    connection.execute(text("truncate live_minutes"))
    audit(connection, actor, "simulation.remove", ("simulation", "all"), detail=dict(removed))
    return removed


def _remove_backlinks(connection: Connection) -> int:
    removed: int = connection.execute(
        text("""
        with gone as (delete from backlinks where simulated returning backlink_id),
        forgotten as (delete from backlink_identities i using gone where i.backlink_id = gone.backlink_id)
        select count(*) from gone
        """)
    ).scalar_one()
    return removed


def present(connection: Connection) -> bool:
    """Whether simulated missions or satellites are there: then every page says SIMULATION."""
    return bool(
        connection.scalar(
            text("""select exists (select from satellites where simulated)
                    or exists (select from crawl_jobs where simulated)""")
        )
    )
