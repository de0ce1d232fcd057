"""The months of the raw time tables: made ahead of time, and emptied when they are past their retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data.areas import TABLES

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

PARTITIONED = tuple(table.name for table in TABLES if table.partitioned)


def ensure_ahead(connection: Connection) -> None:
    """The partitions of this month and the three after it."""
    _one_at_a_time(connection)
    for table in PARTITIONED:
        connection.execute(
            text("select ensure_month_partitions(:table, now()::date, (now() + interval '3 months')::date)"),
            {"table": table},
        )


def empty_before(connection: Connection, table: str, rollup: str, cutoff: datetime) -> list[str]:
    """Empty the months that ended before `cutoff`; returns their partitions. They stay, so that a late row has a place.

    The roll-up of what is gone stays too: from now on its hours before the last emptied month's end are final.
    """
    _one_at_a_time(connection)
    expired = connection.execute(
        text("""
        with months as (
          select c.relname as child, to_date(right(c.relname, 6), 'YYYYMM')::timestamp as starts
          from pg_inherits i join pg_class c on c.oid = i.inhrelid
          where i.inhparent = cast(:table as regclass) and c.relname ~ '_[0-9]{6}$'),
        parts as (
          select child, (starts + interval '1 month') at time zone 'UTC' as ends from months
          union all select :table || '_older', min(starts) at time zone 'UTC' from months)
        select child, ends from parts where ends <= :cutoff order by ends"""),
        {"table": table, "cutoff": cutoff},
    ).all()
    emptied = [row.child for row in expired if connection.scalar(text(f"select exists (select from {row.child})"))]
    if emptied:
        connection.execute(text(f"truncate {', '.join(emptied)}"))
        connection.execute(
            text("""insert into rollup_floors as f (rollup, floor) values (:rollup, :floor)
                    on conflict (rollup) do update set floor = greatest(f.floor, excluded.floor)"""),
            {"rollup": rollup, "floor": expired[-1].ends},
        )
    return emptied


def _one_at_a_time(connection: Connection) -> None:
    connection.execute(text("select pg_advisory_xact_lock(hashtext('partitions'))"))
