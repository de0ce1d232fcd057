"""Leases of channels: each is served by one relay at a time, and by another soon after that one ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data.alerts.delivery import records

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.alerts.delivery.records import Record

LEASE = timedelta(seconds=20)  # longer than one message may take


@dataclass(frozen=True, slots=True)
class Lease:
    record: Record
    token: str


def acquire(connection: Connection, now: datetime) -> list[Lease]:
    """The channels that have something due and that nobody serves."""
    rows = connection.execute(
        text("""
        with due as (
          select channel_id from alert_channels c where enabled and relay_until <= :now and (
            exists (select from alert_notifications n where n.channel = c.name and n.state in ('queued', 'held')
                    and n.next_at <= :now)
            or paused_until <= :now and exists (select from alert_messages m where m.channel = c.name
                    and m.state in ('ready', 'sending') and m.next_at <= :now))
          order by name for update skip locked)
        update alert_channels c set relay_token = gen_random_uuid(), relay_until = :until
        from due where c.channel_id = due.channel_id
        returning c.name, c.kind, c.fields, c.allow_private, c.fallback, c.quiet, c.digest_minutes, c.per_minute,
          c.relay_token::text as token
        """),
        {"now": now, "until": now + LEASE},
    )
    return [Lease(records.record(row), row.token) for row in rows]


def renew(connection: Connection, lease: Lease, now: datetime) -> bool:
    """Renews the lease; False where another relay has it, or the channel was closed."""
    return bool(
        connection.execute(
            text("""update alert_channels set relay_until = :until
                    where name = :name and relay_token = cast(:token as uuid) and enabled"""),
            {"name": lease.record.name, "token": lease.token, "until": now + LEASE},
        ).rowcount
    )


def release(connection: Connection, lease: Lease, now: datetime) -> None:
    connection.execute(
        text("""update alert_channels set relay_until = :now, relay_token = null
                where name = :name and relay_token = cast(:token as uuid)"""),
        {"name": lease.record.name, "token": lease.token, "now": now},
    )
