"""The world as the relay finds it: what is read for a batch of notifications of one channel before it is decided."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import text

from data.alerts.delivery import maintenance, silences
from data.alerts.delivery.facts import Announcement, Cause, Kind, Row, World
from data.alerts.delivery.matching import Matcher, match, match_labels
from data.alerts.delivery.stages import FLAP_WINDOW, MINUTE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from data.alerts.delivery.records import Record

_DUE = text("""
  select n.notification_id, n.alert_id, n.kind, n.rule, n.severity, n.fingerprint, n.group_key, n.message, n.value,
    n.happened_at, n.created_at, n.route_reason, n.reason, coalesce(s.labels, '{}') as labels, s.ended_at
  from alert_notifications n left join alert_subjects s on s.alert_id = n.alert_id
  where n.channel = :channel and n.state in ('queued', 'held') and n.next_at <= :now
    and (n.severity = 'critical') = :critical
  order by n.notification_id limit :most for update of n skip locked""")


def due_rows(connection: Connection, channel: str, now: datetime, *, critical: bool, most: int) -> list[Row]:
    """The channel's notifications that are due, locked until this transaction ends."""
    values = {"channel": channel, "now": now, "critical": critical, "most": most}
    return [_row(each) for each in connection.execute(_DUE, values)]


def _row(row: Any) -> Row:  # noqa: ANN401 — a row of the driver
    return Row(
        id=row.notification_id,
        alert_id=row.alert_id,
        kind=cast("Kind", row.kind),
        rule=row.rule,
        severity=row.severity,
        labels=row.labels,
        fingerprint=row.fingerprint,
        group=row.group_key,
        message=row.message,
        value=row.value,
        at=row.happened_at,
        created_at=row.created_at,
        route_reason=row.route_reason,
        reason=row.reason,
        over=row.ended_at is not None,
    )


def read(connection: Connection, record: Record, rows: Sequence[Row], now: datetime) -> World:
    fingerprints = list({row.fingerprint for row in rows})
    causes = _causes(connection)
    return World(
        now=now,
        per_minute=record.per_minute,
        sent=_sent(connection, record.name, now),
        quiet=record.quiet,
        digest_at=_next_digest(record.digest_minutes, now),
        silences=tuple(silences.list_active(connection, now)),
        windows=tuple(maintenance.list_active(connection, now)),
        dependencies=tuple(cause for kind, cause in causes if kind == "dependency"),
        inhibitions=tuple(cause for kind, cause in causes if kind == "inhibit"),
        announced=_announced(connection, record.name, fingerprints),
        changes=_changes(connection, fingerprints, now),
        underway=_underway(connection, record.name, fingerprints),
    )


def _sent(connection: Connection, channel: str, now: datetime) -> tuple[datetime, ...]:
    rows = connection.scalars(
        text("""select created_at from alert_messages where channel = :channel and created_at > :since
                  and not in_place"""),
        {"channel": channel, "since": now - MINUTE},
    )
    return tuple(rows)


def _next_digest(minutes: int | None, now: datetime) -> datetime | None:
    if minutes is None:
        return None
    period = minutes * 60
    return datetime.fromtimestamp((int(now.timestamp()) // period + 1) * period, UTC)


def _announced(connection: Connection, channel: str, fingerprints: list[str]) -> dict[str, Announcement]:
    rows = connection.execute(
        text("""select fingerprint, states, open, flapping, alert_id from alert_announcements
                where channel = :channel and fingerprint = any(:fingerprints)"""),
        {"channel": channel, "fingerprints": fingerprints},
    )
    return {row.fingerprint: Announcement(frozenset(row.states), row.open, row.flapping, row.alert_id) for row in rows}


def _changes(connection: Connection, fingerprints: list[str], now: datetime) -> dict[str, tuple[datetime, ...]]:
    rows = connection.execute(
        text("""select fingerprint, started_at, ended_at from alert_subjects
                where fingerprint = any(:fingerprints) and changed_at > :since"""),
        {"fingerprints": fingerprints, "since": now - FLAP_WINDOW},
    )
    result: dict[str, list[datetime]] = defaultdict(list)
    for row in rows:
        result[row.fingerprint] += [at for at in (row.started_at, row.ended_at) if at is not None]
    return {fingerprint: tuple(sorted(changes)) for fingerprint, changes in result.items()}


def _underway(connection: Connection, channel: str, fingerprints: list[str]) -> dict[str, datetime]:
    rows = connection.execute(
        text("""select group_key as key, max(next_at) as at from alert_messages
                where channel = :channel and state in ('ready', 'sending') and group_key is not null group by group_key
                union all
                select n.fingerprint, max(m.next_at) from alert_messages m join alert_notifications n using (message_id)
                where m.channel = :channel and m.state in ('ready', 'sending') and n.fingerprint = any(:fingerprints)
                group by n.fingerprint"""),
        {"channel": channel, "fingerprints": fingerprints},
    )
    return {row.key: row.at for row in rows}


def _causes(connection: Connection) -> list[tuple[str, Cause]]:
    dependencies = connection.execute(text("select name, kind, source, target, equal from alert_dependencies")).all()
    if not dependencies:
        return []
    rows = connection.execute(
        text("""select rule, severity, labels from alert_subjects
                where ended_at is null and state in ('firing', 'recovering') limit 50000""")
    )
    alerts = [match_labels(row.rule, row.severity, row.labels) for row in rows]
    result = []
    for row in dependencies:
        source, target = (tuple(Matcher.model_validate(each) for each in part) for part in (row.source, row.target))
        bare = Cause(row.name, source, target, tuple(row.equal), frozenset())
        firing = frozenset(bare.key(alert) for alert in alerts if match(source, alert))
        result.append((row.kind, Cause(row.name, source, target, tuple(row.equal), firing)))
    return result
