"""One row a minute of what the wall shows, for its sparklines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

MINUTE_COLUMNS = ("active_jobs", "satellites_active", "queue_depth", "pages_per_minute")


def note_minute(connection: Connection, minute: datetime, values: dict[str, Any]) -> None:
    """The first note of a minute stands, whoever led then."""
    connection.execute(
        text("""insert into live_minutes (minute, active_jobs, satellites_active, queue_depth, pages_per_minute)
                values (:minute, :active_jobs, :satellites_active, :queue_depth, :pages_per_minute)
                on conflict do nothing"""),
        {"minute": minute, **{column: values.get(column) for column in MINUTE_COLUMNS}},
    )
