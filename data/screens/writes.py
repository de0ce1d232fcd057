"""Reports of screens, orders to them, and playlists; every change by a person with its audit row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from data.access.rules import new_key_id
from data.access.writes import audit
from data.errors import Conflict, NotFound

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

    from data.permissions import Actor
    from data.screens.inputs import NewPlaylist, ScreenReport

MOST_OF_ONE = 100  # screens that one person or key may have

_REPORT = """
insert into screens as known (screen_id, actor_id, actor_name, name, address, kiosk, visible, link, width, height, fps,
                              heap_bytes, heap_limit_bytes, data_age_s, opened_at, reported_at, closed_at)
values (:screen_id, :actor_id, :actor_name, :name, :address, :kiosk, :visible, :link, :width, :height, :fps,
        :heap_bytes, :heap_limit_bytes, :data_age_s, :opened_at, :now,
        case when :closed then cast(:now as timestamptz) end)
on conflict (screen_id) do update
  set actor_name = excluded.actor_name, name = excluded.name, address = excluded.address, kiosk = excluded.kiosk,
      visible = excluded.visible, link = excluded.link, width = excluded.width, height = excluded.height,
      fps = excluded.fps, heap_bytes = excluded.heap_bytes, heap_limit_bytes = excluded.heap_limit_bytes,
      data_age_s = excluded.data_age_s, opened_at = excluded.opened_at, reported_at = excluded.reported_at,
      closed_at = excluded.closed_at
  where known.actor_id = excluded.actor_id
returning (xmax = 0) as is_new, coalesce(reload_asked_at > opened_at, false) as reload
"""


def report(connection: Connection, actor: Actor, said: ScreenReport, now: datetime, opened: timedelta) -> bool:
    """Note what a screen says; whether it is to load itself anew. Raises Conflict for a screen of somebody else."""
    values = said.model_dump(exclude={"open_s"}) | {
        "name": said.name or actor.name,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "opened_at": now - opened,
        "now": now,
    }
    row = connection.execute(text(_REPORT), values).first()
    if row is None:
        raise Conflict(f"screen {said.screen_id} is somebody else's")
    if row.is_new:
        _forget_surplus(connection, actor)
    return bool(row.reload)


def _forget_surplus(connection: Connection, actor: Actor) -> None:
    connection.execute(
        text("""delete from screens where screen_id in (
                  select screen_id from screens where actor_id = :actor
                  order by reported_at desc offset :most)"""),
        {"actor": actor.id, "most": MOST_OF_ONE},
    )


def ask_to_reload(connection: Connection, actor: Actor, screen_id: str, now: datetime) -> None:
    done = connection.execute(
        text("update screens set reload_asked_at = :now where screen_id = :id"), {"id": screen_id, "now": now}
    ).rowcount
    if not done:
        raise NotFound(f"no screen {screen_id}")
    audit(connection, actor, "screen.reload", ("screen", screen_id))


def forget(connection: Connection, actor: Actor, screen_id: str) -> None:
    """Take a screen off the list; one that still lives comes back with its next report."""
    done = connection.execute(text("delete from screens where screen_id = :id"), {"id": screen_id}).rowcount
    if not done:
        raise NotFound(f"no screen {screen_id}")
    audit(connection, actor, "screen.forget", ("screen", screen_id))


def forget_closed(connection: Connection, actor: Actor) -> int:
    """Take all screens off the list that were closed; how many there were."""
    done = connection.execute(text("delete from screens where closed_at is not null")).rowcount
    if done:
        audit(connection, actor, "screen.forget", ("screen", "closed"), detail={"count": done})
    return done


def save_playlist(connection: Connection, actor: Actor, wanted: NewPlaylist, playlist_id: str | None = None) -> str:
    """A new playlist, or another content for a known one. Raises Conflict when the name is taken, NotFound."""
    made = playlist_id or new_key_id()
    try:
        with connection.begin_nested():
            done = connection.execute(text(_UPDATE if playlist_id else _INSERT), _values(made, actor, wanted)).rowcount
    except IntegrityError:
        raise Conflict(f"{wanted.name}: there is already a playlist with this name") from None
    if not done:
        raise NotFound(f"no playlist {playlist_id}")
    audit(connection, actor, "playlist.save", ("playlist", made), detail={"name": wanted.name})
    return made


_INSERT = """insert into playlists (playlist_id, name, items, hold_seconds, updated_by)
             values (:id, :name, :items, :hold, :by)"""
_UPDATE = """update playlists set name = :name, items = :items, hold_seconds = :hold, updated_by = :by,
                                  updated_at = now()
             where playlist_id = :id"""


def _values(playlist_id: str, actor: Actor, wanted: NewPlaylist) -> dict[str, Any]:
    items = orjson.dumps([item.model_dump() for item in wanted.items]).decode()
    return {
        "id": playlist_id,
        "name": wanted.name,
        "items": items,
        "hold": wanted.hold_seconds,
        "by": actor.name,
    }


def delete_playlist(connection: Connection, actor: Actor, playlist_id: str) -> None:
    done = connection.execute(text("delete from playlists where playlist_id = :id"), {"id": playlist_id}).rowcount
    if not done:
        raise NotFound(f"no playlist {playlist_id}")
    audit(connection, actor, "playlist.delete", ("playlist", playlist_id))
