"""Who took on what asks for a person: a failed mission or a signal of the links, told to everybody on every screen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import text

from data.access.writes import audit
from data.clock import epoch_ms
from data.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.permissions import Actor

Kind = Literal["mission", "signal"]
Alarm = tuple[str, str, int]  # kind, its id, when it was raised in epoch milliseconds

KEPT = timedelta(hours=25)  # the wall shows alarms of 24 hours

_RAISED: dict[Kind, str] = {
    "mission": "select completed_time from crawl_jobs where job_id = :ref and status in ('failed', 'abnormal')",
    "signal": "select at from backlink_signals where id = :ref",
}


def acknowledge(connection: Connection, actor: Actor, kind: Kind, ref: str) -> tuple[str, datetime]:
    """Who took the alarm on, and when: the first who did. Raises NotFound where nothing asks for a person."""
    raised = connection.scalar(text(_RAISED[kind]), {"ref": ref})
    if raised is None:
        raise NotFound(f"There is no {kind} {ref} that asks for a person")
    row = connection.execute(
        text("""insert into acknowledgements as a (kind, ref, raised_at, actor_name)
                values (:kind, :ref, :raised, :name)
                on conflict (kind, ref) do update set raised_at = excluded.raised_at, actor_name = excluded.actor_name,
                  at = now() where a.raised_at <> excluded.raised_at
                returning actor_name, at"""),
        {"kind": kind, "ref": ref, "raised": raised, "name": actor.name},
    ).first()
    if row is None:
        return _first(connection, kind, ref)
    audit(connection, actor, "alarm.acknowledge", (kind, ref))
    return row.actor_name, row.at


def _first(connection: Connection, kind: Kind, ref: str) -> tuple[str, datetime]:
    row = connection.execute(
        text("select actor_name, at from acknowledgements where kind = :kind and ref = :ref"),
        {"kind": kind, "ref": ref},
    ).one()
    return row.actor_name, row.at


def known(connection: Connection, now: datetime) -> dict[Alarm, str]:
    """By whom each alarm of the last day was taken on."""
    rows = connection.execute(
        text("select kind, ref, raised_at, actor_name from acknowledgements where raised_at > :since"),
        {"since": now - KEPT},
    )
    return {(row.kind, row.ref, epoch_ms(row.raised_at)): row.actor_name for row in rows}
