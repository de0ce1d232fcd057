"""The newest signals of the links, for the wall."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from data.backlinks.signal_reads import signals
from data.clock import epoch_ms

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

SHOWN = 20
SHOWN_FOR = timedelta(hours=24)
ORDINARY = "high_authority_link"  # there may be hundreds a day: they leave room for the rest
ORDINARY_SHOWN = 5


def live_signals(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """The newest twenty of a day: {id, kind, target, at, severity, title, detail}; at in epoch milliseconds."""
    since = now - SHOWN_FOR
    rows = [row for row in signals(connection, since, 500) if row["kind"] != ORDINARY][: SHOWN - ORDINARY_SHOWN]
    rows += signals(connection, since, SHOWN - len(rows), ORDINARY)[: max(ORDINARY_SHOWN, SHOWN - len(rows))]
    rows.sort(key=lambda row: (row["at"], row["id"]), reverse=True)
    kept = ("id", "kind", "target", "severity", "title", "detail")
    return [{name: row[name] for name in kept} | {"at": epoch_ms(row["at"])} for row in rows]
