"""Who took on what asks for a person: a failed mission or a signal of the links, told to everybody on every screen."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import text

from data import clock
from data.access.writes import audit
from data.clock import epoch_ms
from data.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from data.permissions import Actor

Kind = Literal["mission", "signal"]
Alarm = tuple[str, str, int]  # kind, its id, when it was raised in epoch milliseconds

SHOWN = timedelta(hours=24)  # on the wall
KEPT = SHOWN + timedelta(hours=1)

_RAISED: dict[Kind, str] = {
    "mission": "select completed_time from crawl_jobs where job_id = :ref and status in ('failed', 'abnormal')",
    "signal": "select at from backlink_signals where id = :ref",
}


def acknowledge(connection: Connection, actor: Actor, kind: Kind, ref: str) -> tuple[str, datetime]:
    """Who took the alarm on, and when: the first who did. Raises NotFound where nothing asks for a person."""
    raised = connection.scalar(text(_RAISED[kind]), {"ref": ref})
    if raised is None:
        raise NotFound(f"There is no {kind} {ref} that needs attention")
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


def acknowledge_about(connection: Connection, actor: Actor, labels: Mapping[str, str]) -> None:
    """Take on whatever an alert with these labels is about: the mission, or the signals of the target's last day."""
    if "job" in labels:
        with suppress(NotFound):
            acknowledge(connection, actor, "mission", labels["job"])
    if "target" in labels:
        connection.execute(
            text("""insert into acknowledgements (kind, ref, raised_at, actor_name)
                    select 'signal', id, at, :name from backlink_signals
                    where target = :target and at > :since and severity <> 'info'
                    on conflict (kind, ref) do nothing"""),
            {"name": actor.name, "target": labels["target"], "since": clock.now() - SHOWN},
        )


def known(connection: Connection, now: datetime) -> dict[Alarm, str]:
    """By whom each alarm of the last day was taken on."""
    rows = connection.execute(
        text("select kind, ref, raised_at, actor_name from acknowledgements where raised_at > :since"),
        {"since": now - KEPT},
    )
    return {(row.kind, row.ref, epoch_ms(row.raised_at)): row.actor_name for row in rows}
