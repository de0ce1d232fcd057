"""Who watches, and what walls show in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.errors import NotFound
from data.screens import rules

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

SHOWN = 500

Rows = list[dict[str, Any]]


def screens(connection: Connection, now: datetime, *, limit: int = SHOWN) -> Rows:
    """Every screen with its `status` and `words`, the worst first."""
    rows = connection.execute(
        text("""select screen_id, actor_name, name, address, kiosk, visible, link, width, height, fps, heap_bytes,
                       heap_limit_bytes, data_age_s, opened_at, reported_at, closed_at
                from screens order by reported_at desc limit :limit"""),
        {"limit": limit},
    )
    judged = [_judged(dict(row), now) for row in rows.mappings()]
    return sorted(judged, key=lambda row: (-row["status"].rank, row["name"], row["screen_id"]))


def _judged(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    report = rules.Report(**{name: row[name] for name in rules.Report._fields})
    found = rules.verdict(report, now)
    silent_s = max(0.0, (now - row["reported_at"]).total_seconds())
    return row | {"status": found.status, "words": found.words, "silent_s": round(silent_s, 1)}


def playlists(connection: Connection) -> Rows:
    rows = connection.execute(
        text("""select playlist_id, name, items, hold_seconds, updated_by, updated_at
                from playlists order by lower(name)""")
    )
    return [dict(row) for row in rows.mappings()]


def playlist(connection: Connection, playlist_id: str) -> dict[str, Any]:
    """Raises NotFound."""
    found = next((row for row in playlists(connection) if row["playlist_id"] == playlist_id), None)
    if found is None:
        raise NotFound(f"no playlist {playlist_id}")
    return found
