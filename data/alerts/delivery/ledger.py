"""Messages on their way: claimed, and marked as sent, put off or failed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.alerts.delivery import fallback, leases, outbox, records
from data.alerts.delivery.leases import LEASE
from data.alerts.delivery.retries import DEAD_AFTER, FALLBACK_AFTER, GIVE_UP, Fate, Outcome, retry_delay

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from data.alerts.delivery.leases import Lease


@dataclass(frozen=True, slots=True)
class Message:
    """`key` is its id, the same at every try; `reference` what it changes in place."""

    key: str
    group: str | None
    content: Mapping[str, Any]
    attempts: int
    in_place: bool
    reference: Mapping[str, Any] | None
    created_at: datetime


def has_sendable(connection: Connection, lease: Lease, now: datetime) -> bool:
    """Whether a message of this channel can go out this moment."""
    return bool(
        connection.scalar(
            text("""select exists (select from alert_messages m join alert_channels c on c.name = m.channel
                    where m.channel = :channel and m.state in ('ready', 'sending') and m.next_at <= :now
                      and c.paused_until <= :now)"""),
            {"channel": lease.record.name, "now": now},
        )
    )


def claim_message(connection: Connection, lease: Lease, now: datetime) -> Message | None:
    """The message that goes out now, the critical ones first. One that was under way when its relay ended is taken
    again, once its own lease is over."""
    if not leases.renew(connection, lease, now):
        return None
    row = connection.execute(
        text("""
        update alert_messages m set state = 'sending', attempts = attempts + 1, next_at = :until
        where message_id = (
          select message_id from alert_messages
          where channel = :channel and state in ('ready', 'sending') and next_at <= :now
            and exists (select from alert_channels where name = :channel and paused_until <= :now)
          order by critical desc, number limit 1 for update skip locked)
        returning message_id::text, group_key, content, attempts, in_place, created_at,
          (select reference from alert_threads t where t.channel = m.channel and t.group_key = m.group_key
             and m.in_place) as reference
        """),
        {"channel": lease.record.name, "now": now, "until": now + LEASE},
    ).first()
    if row is None:
        return None
    return Message(
        row.message_id, row.group_key, row.content, row.attempts, row.in_place, row.reference, row.created_at
    )


def mark_sent(connection: Connection, lease: Lease, message: Message, outcome: Outcome, now: datetime) -> None:
    values = {"key": message.key, "channel": lease.record.name, "now": now}
    connection.execute(
        text("""update alert_messages set state = 'sent', sent_at = :now, error = null
                where message_id = cast(:key as uuid)"""),
        values,
    )
    connection.execute(
        text("""update alert_notifications set state = 'sent', ended_at = :now
                where message_id = cast(:key as uuid) and state = 'composed'"""),
        values,
    )
    _announce(connection, values)
    connection.execute(text("update alert_channels set failures = 0 where name = :channel and failures > 0"), values)
    if message.group is not None:
        _keep_thread(connection, values, message.group, outcome)


def _announce(connection: Connection, values: dict[str, Any]) -> None:
    """What the channel has heard of now, by the last word of each alert."""
    connection.execute(
        text("""
        insert into alert_announcements as a
          (channel, fingerprint, alert_id, group_key, states, open, flapping, announced_at)
        select :channel, fingerprint, (array_agg(alert_id order by notification_id desc))[1],
          (array_agg(group_key order by notification_id desc))[1],
          array_agg(distinct case when kind = 'escalated' then 'firing' else kind end),
          (array_agg(kind order by notification_id desc))[1] <> 'resolved',
          (array_agg(reason order by notification_id desc))[1] = 'flap_start', :now
        from alert_notifications
        where message_id = cast(:key as uuid) and kind in ('firing', 'resolved', 'nodata', 'error', 'escalated')
          and alert_id is not null
        group by fingerprint
        on conflict (channel, fingerprint) do update set alert_id = excluded.alert_id, group_key = excluded.group_key,
          states = case when excluded.open and a.open then array(select distinct unnest(a.states || excluded.states))
                      else excluded.states end,
          open = excluded.open, flapping = excluded.flapping, announced_at = excluded.announced_at
        """),
        values,
    )


def _keep_thread(connection: Connection, values: dict[str, Any], group: str, outcome: Outcome) -> None:
    """The group's message is changed until all of it is over; then the next one is new."""
    named = {**values, "group": group}
    still = text("""select exists (select from alert_announcements
                    where channel = :channel and group_key = :group and open)""")
    if not connection.scalar(still, named):
        connection.execute(text("delete from alert_threads where channel = :channel and group_key = :group"), named)
    elif outcome.reference is not None:
        connection.execute(
            text("""insert into alert_threads (channel, group_key, reference, updated_at)
                    values (:channel, :group, cast(:reference as jsonb), :now)
                    on conflict (channel, group_key)
                      do update set reference = excluded.reference, updated_at = :now"""),
            {**named, "reference": orjson.dumps(outcome.reference).decode()},
        )


def reschedule(connection: Connection, lease: Lease, message: Message, outcome: Outcome, now: datetime) -> None:
    """Try again later, and leave the whole channel in peace until then; what has become too old is given up."""
    if outcome.lost:  # what was to be changed is gone: another is sent at once
        values = {"channel": lease.record.name, "group": message.group, "key": message.key, "now": now}
        connection.execute(text("delete from alert_threads where channel = :channel and group_key = :group"), values)
        connection.execute(
            text("""update alert_messages set state = 'ready', in_place = false, next_at = :now
                    where message_id = cast(:key as uuid)"""),
            values,
        )
        return
    if now - message.created_at > GIVE_UP:
        mark_failed(connection, lease, message, Outcome(Fate.PERMANENT, f"given up: {outcome.reason}"), now)
        return
    pause = retry_delay(message.attempts, random.random(), outcome.retry_after)  # noqa: S311 — jitter, no secret
    values = {"key": message.key, "channel": lease.record.name, "at": now + timedelta(seconds=pause)}
    connection.execute(
        text("""update alert_messages set state = 'ready', error = :error, next_at = :at
                where message_id = cast(:key as uuid) and state <> 'sent'"""),
        {**values, "error": outcome.reason[:500]},
    )
    connection.execute(text("update alert_channels set paused_until = :at where name = :channel"), values)


def mark_failed(connection: Connection, lease: Lease, message: Message, outcome: Outcome, now: datetime) -> None:
    """It will never arrive this way: another channel takes it over, and one that is dead is closed."""
    name = lease.record.name
    values = {"key": message.key, "error": outcome.reason[:500], "now": now, "channel": name}
    connection.execute(
        text("update alert_messages set state = 'failed', error = :error where message_id = cast(:key as uuid)"), values
    )
    fallback.send_to_fallback(connection, message.key, now)
    connection.execute(
        text("""update alert_notifications set state = 'failed', reason = :error, ended_at = :now
                where message_id = cast(:key as uuid)"""),
        values,
    )
    failures = connection.scalar(
        text("update alert_channels set failures = failures + 1 where name = :channel returning failures"), values
    )
    if outcome.fate == Fate.GONE or (failures or 0) >= DEAD_AFTER:
        records.disable_channel(connection, name, outcome.reason)
        outbox.notify_usual_channels(
            connection, f"The channel {name} is closed: {outcome.reason}", avoid=name, group=f"channel {name}"
        )


def send_late_to_fallback(connection: Connection, now: datetime) -> None:
    """What has not arrived after a minute goes over another channel as well."""
    late = connection.scalars(
        text("""select message_id::text from alert_messages where state in ('ready', 'sending') and not fallback_sent
                  and created_at < :since
                  and (select count(*) from alert_channels where enabled and kind <> 'canary') > 1
                order by created_at limit 200 for update skip locked"""),
        {"since": now - FALLBACK_AFTER},
    ).all()
    for key in late:
        fallback.send_to_fallback(connection, key, now)
