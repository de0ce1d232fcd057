"""Looks after the relay, and is not the relay: an alert that nobody was told of, an end that was not told, what stands
still. What can be mended is asked for again; all of it stands in the findings."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.alerts.delivery import outbox
from data.alerts.transition import State, Transition

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

log = logging.getLogger(__name__)

LATE = timedelta(seconds=60)
GRACE = timedelta(seconds=30)
SAID_AGAIN = timedelta(minutes=10)

_UNANNOUNCED = text("""
  select s.alert_id, s.rule, s.severity, s.fingerprint, s.group_key, s.message, s.value, s.channels, s.state
  from alert_subjects s
  where s.ended_at is null and s.state in ('firing', 'nodata', 'error') and s.changed_at < :since
    and not exists (select from alert_notifications n where n.alert_id = s.alert_id)
  limit 1000""")

# Of the engine's own table, which delivery does not write: a transition that never came this far.
_MISSED = text("""
  select a.* from alerts a where a.state in ('firing', 'nodata', 'error') and a.resolved_at is null
    and coalesce(a.fired_at, a.started_at) < :since
    and not exists (select from alert_subjects s where s.alert_id = a.id)
  limit 1000""")

# Whoever heard of it and has no end on its way, though nothing of this kind goes on any more.
_UNENDED = text("""
  select a.channel, a.fingerprint, s.alert_id, s.rule, s.severity, s.group_key, s.message, s.value
  from alert_announcements a
  join lateral (select * from alert_subjects s where s.fingerprint = a.fingerprint order by changed_at desc limit 1) s
    on s.ended_at < :since
  where a.open and not exists (
    select from alert_notifications n where n.fingerprint = a.fingerprint and n.channel = a.channel
      and n.state in ('queued', 'held', 'composed'))
  limit 1000""")

_STUCK = text("""
  select 'message' as what, m.channel, count(*) as rows, min(m.next_at) as since from alert_messages m
  join alert_channels c on c.name = m.channel and c.enabled and c.paused_until <= :now
  where m.state in ('ready', 'sending') and m.next_at < :since group by m.channel
  union all
  select 'notification', n.channel, count(*), min(n.next_at) from alert_notifications n
  where n.state in ('queued', 'held') and n.next_at < :since group by n.channel
  union all
  select 'escalation', e.name, count(*), min(e.due_at) from alert_escalations e
  where e.ended_at is null and e.due_at < :since group by e.name""")

_UNREACHED = text("""
  select m.channel, count(*) as rows, max(m.error) as error from alert_messages m
  where m.state = 'failed' and m.created_at > :day
    and not exists (select from alert_messages h where h.fallback_of = m.message_id)
  group by m.channel""")


def audit_delivery(connection: Connection, now: datetime) -> dict[str, int]:
    """How many of each kind were found."""
    return {
        "missed": _record_missed(connection, now),
        "unannounced": _notify_unannounced(connection, now),
        "unended": _notify_ends(connection, now),
        "stuck": _report(connection, _STUCK, now, "stuck"),
        "unreached": _report(connection, _UNREACHED, now, "nobody_reached"),
    }


def _record_missed(connection: Connection, now: datetime) -> int:
    rows = connection.execute(_MISSED, {"since": now - GRACE}).all()
    outbox.record(connection, [_transition(row) for row in rows])
    for row in rows:
        record_finding(connection, now, "missed", f"alert {row.id}", f"{row.rule} fired and delivery never saw it")
    return len(rows)


def _transition(row: Row[Any]) -> Transition:
    return Transition(
        alert_id=row.id,
        rule=row.rule,
        severity=row.severity,
        labels=row.labels,
        fingerprint=row.fingerprint,
        group=row.group_key,
        was=State.PENDING,
        now=State(row.state),
        at=row.fired_at or row.started_at,
        value=row.value,
        message=row.message,
        channels=tuple(row.channels),
        escalation=row.escalation,
    )


def _notify_unannounced(connection: Connection, now: datetime) -> int:
    names = outbox.load_channels(connection)
    rows = connection.execute(_UNANNOUNCED, {"since": now - GRACE}).all()
    for row in rows:
        for name, route_reason in names.route(row.channels):
            outbox.insert_notification(
                connection,
                kind=row.state,
                channel=name,
                route_reason=f"auditor_{route_reason}",
                **outbox.subject_values(row),
            )
        record_finding(
            connection, now, "no_notification", f"alert {row.alert_id}", f"{row.rule} fired and nobody was to be told"
        )
    return len(rows)


def _notify_ends(connection: Connection, now: datetime) -> int:
    rows = connection.execute(_UNENDED, {"since": now - GRACE}).all()
    for row in rows:
        outbox.insert_notification(
            connection,
            kind="resolved",
            channel=row.channel,
            route_reason="auditor_was_informed",
            **outbox.subject_values(row),
        )
        words = f"{row.channel} heard of {row.rule}, not of its end"
        record_finding(connection, now, "end_not_told", f"alert {row.alert_id}", words)
    return len(rows)


def _report(connection: Connection, question: object, now: datetime, kind: str) -> int:
    values = {"now": now, "since": now - LATE, "day": now - timedelta(days=1)}
    wanted = {name: value for name, value in values.items() if f":{name}" in str(question)}
    rows = connection.execute(question, wanted).mappings().all()  # type: ignore[call-overload]
    for row in rows:
        detail = ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)
        record_finding(connection, now, kind, str(row["channel"]), detail)
    return len(rows)


def record_finding(connection: Connection, now: datetime, kind: str, subject: str, detail: str) -> None:
    """Written down once in ten minutes."""
    new = connection.execute(
        text("""insert into alert_findings (kind, subject, detail, at)
                select :kind, :subject, :detail, :now where not exists (
                  select from alert_findings where kind = :kind and subject = :subject and at > :since)"""),
        {"kind": kind, "subject": subject, "detail": detail[:500], "now": now, "since": now - SAID_AGAIN},
    ).rowcount
    if new:
        log.warning("delivery of alerts: %s, %s: %s", kind, subject, detail)
