"""Notifications that are due become messages: decided by the stages, written down with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from sqlalchemy import text

from data.alerts.delivery import leases, world
from data.alerts.delivery.channels import CHANNELS
from data.alerts.delivery.messages import build_drafts
from data.alerts.delivery.stages import decide

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from data.alerts.delivery.leases import Lease
    from data.alerts.delivery.messages import Draft
    from data.alerts.delivery.records import Record
    from data.alerts.delivery.stages import Decision

MOST_CRITICAL, MOST = 500, 20_000
_STATES = {"pass": "composed", "hold": "held", "drop": "muted"}
_SPECIAL = ("storm_card", "flap_start", "flap_over")


def prepare(connection: Connection, lease: Lease, now: datetime, *, critical: bool) -> int:
    """Decide what is due and make messages of what passes; returns how many messages."""
    if not leases.renew(connection, lease, now):
        return 0
    most = MOST_CRITICAL if critical else MOST
    rows = world.due_rows(connection, lease.record.name, now, critical=critical, most=most)
    if not rows:
        return 0
    decisions = decide(rows, world.read(connection, lease.record, rows, now))
    drafts = build_drafts([each for each in decisions if each.last.do == "pass"])
    keys: dict[int, str] = {}
    for each in drafts:
        key = _insert_message(connection, lease.record, each, now)
        keys |= dict.fromkeys(each.rows, key)
    _save_decisions(connection, decisions, keys, now)
    return len(drafts)


def _insert_message(connection: Connection, record: Record, made: Draft, now: datetime) -> str:
    in_place = changes_in_place(record)
    key: str = connection.execute(
        text("""insert into alert_messages (channel, group_key, critical, content, in_place, next_at, created_at)
                values (:channel, cast(:group as text), :critical, cast(:content as jsonb),
                  :in_place and exists (select from alert_threads where channel = :channel and group_key = :group),
                  :now, :now)
                returning message_id::text"""),
        {
            "channel": record.name,
            "group": made.group,
            "critical": made.critical,
            "content": orjson.dumps(made.content).decode(),
            "in_place": in_place,
            "now": now,
        },
    ).scalar_one()
    return key


def changes_in_place(record: Record) -> bool:
    return record.fields is not None and CHANNELS[record.kind].changes_in_place(record.fields)


def _save_decisions(
    connection: Connection, decisions: Sequence[Decision], keys: Mapping[int, str], now: datetime
) -> None:
    rows = [
        {
            "id": each.row.id,
            "state": _STATES[each.last.do],
            "reason": _reason(each),
            "stages": each.steps,
            "next_at": each.last.until.isoformat() if each.last.until else now.isoformat(),
            "message_id": keys.get(each.row.id),
        }
        for each in decisions
    ]
    connection.execute(
        text("""update alert_notifications n set state = r.state, reason = r.reason, stages = r.stages,
                  next_at = r.next_at, message_id = r.message_id, ended_at = case when r.state = 'muted' then now() end
                from jsonb_to_recordset(cast(:rows as jsonb)) as r(id bigint, state text, reason text, stages jsonb,
                  next_at timestamptz, message_id uuid)
                where n.notification_id = r.id"""),
        {"rows": orjson.dumps(rows).decode()},
    )


def _reason(decision: Decision) -> str:
    """Of what passed, what is special about it; else the last stage's word."""
    special = [reason for reason in _SPECIAL if reason in decision.reasons]
    return special[0] if special and decision.last.do == "pass" else decision.last.reason
