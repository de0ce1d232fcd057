"""What the live state asks for everybody: the stamps of the views and what was noted each minute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


class Stamp(NamedTuple):
    """A view's version, when it was refreshed, and by how many seconds it is overdue."""

    view: str
    version: int
    refreshed_at: datetime | None
    overdue_s: float


def stamps(connection: Connection, now: datetime) -> tuple[Stamp, ...]:
    rows = connection.execute(
        text("""select view, version, refreshed_at,
                       extract(epoch from cast(:now as timestamptz) - greatest(due_at, '2000-01-01'))::float8
                from view_stamps order by view"""),
        {"now": now},
    )
    return tuple(Stamp(*row) for row in rows)


def minutes(connection: Connection, first: datetime) -> list[dict[str, Any]]:
    rows = connection.execute(
        text("select * from live_minutes where minute >= :first order by minute"), {"first": first}
    )
    return [dict(row) for row in rows.mappings()]
