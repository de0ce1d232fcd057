"""Roll-ups and materialized views: their versioned SQL, and how they are brought up to date.

A roll-up is an ordinary table of hours, recomputed where the triggers say that something was touched. A materialized
view stands on roll-ups. Both are refreshed here; readers learn from `view_stamps` which state they see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data.areas import ROLLUPS, VIEWS
from data.db import run_script
from data.deadline import extend_deadline

if TYPE_CHECKING:
    from sqlalchemy import Connection

_BUCKETS_A_TICK = 20_000
_REFRESH_S = 240
_REFRESH_EVERY_S = 60
_SHARE_OF_TIME = 50  # a view that takes a second to refresh is refreshed at most every fifty


def refresh_rollups(connection: Connection) -> int:
    """Bring the touched buckets up to date; returns how many there were. One caller at a time, others return 0.

    Runs in the caller's transaction. A bucket touched while this runs stays marked and is done the next time.
    """
    if not connection.scalar(text("select pg_try_advisory_xact_lock(hashtext('refresh_rollups'))")):
        return 0
    extend_deadline(connection, _REFRESH_S)
    drained = _drain(connection)
    if drained:
        for rollup in ROLLUPS:
            run_script(connection, rollup.sql())
    return drained


def _drain(connection: Connection) -> int:
    connection.exec_driver_sql(
        "create temporary table if not exists drained_buckets (rollup text, bucket timestamptz, key text)"
        " on commit delete rows"
    )
    return connection.execute(
        text("""
        with taken as (
          delete from touched_buckets
          where ctid = any(array(select ctid from touched_buckets limit :most)) returning rollup, bucket, key)
        insert into drained_buckets (rollup, bucket, key)
        select distinct t.rollup, t.bucket, t.key from taken t
        where not exists (select from rollup_floors f
                          where f.rollup = t.rollup and t.bucket < f.floor)
        """),
        {"most": _BUCKETS_A_TICK},
    ).rowcount


def due_views(connection: Connection) -> list[str]:
    """The views whose time has come, the longest waiting first."""
    rows = connection.execute(text("select view from view_stamps where due_at <= now() order by due_at"))
    return [row.view for row in rows]


def refresh_view(connection: Connection, name: str) -> int:
    """Refresh one view and raise its version in the same transaction; returns the version."""
    if name not in {view.name for view in VIEWS}:
        raise ValueError(f"no such view: {name}")
    extend_deadline(connection, _REFRESH_S)
    populated = connection.scalar(text("select relispopulated from pg_class where oid = to_regclass(:n)"), {"n": name})
    connection.execute(text(f"refresh materialized view {'concurrently' if populated else ''} {name}"))
    version: int = connection.execute(
        text("""
        update view_stamps set version = version + 1, refreshed_at = clock_timestamp(),
          duration_ms = extract(epoch from clock_timestamp() - now()) * 1000,
          due_at = clock_timestamp() + greatest(make_interval(secs => :every),
                                                :share * (clock_timestamp() - now()))
        where view = :view returning version
        """),
        {"view": name, "every": _REFRESH_EVERY_S, "share": _SHARE_OF_TIME},
    ).scalar_one()
    return version
