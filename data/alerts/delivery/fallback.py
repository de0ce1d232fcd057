"""Another channel takes over: for a message that does not arrive, and for what waits where nobody serves any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data.alerts.delivery import outbox

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_CHAIN = text("""
  with recursive before as (
    select message_id, channel, fallback_of from alert_messages where message_id = cast(:key as uuid)
    union all
    select m.message_id, m.channel, m.fallback_of from alert_messages m join before b on m.message_id = b.fallback_of)
  select channel from before""")


def send_to_fallback(connection: Connection, key: str, now: datetime) -> str | None:
    """A copy of the message goes over its channel's fallback, else over a usual channel that has not tried it yet."""
    handed = text("select fallback_sent from alert_messages where message_id = cast(:key as uuid)")
    if connection.scalar(handed, {"key": key}):
        return None
    tried = list(connection.scalars(_CHAIN, {"key": key}))
    names = outbox.load_channels(connection)
    other = names.fallback_of_channel(tried[0])
    if other is None or other in tried:
        other = next((name for name, _ in names.route(()) if name not in tried and name != outbox.NO_CHANNEL), None)
    if other is None and not tried[1:]:
        return None  # another channel may come
    values = {"key": key, "other": other, "now": now, "route_reason": f"fallback_of_{tried[0]}"}
    connection.execute(
        text("update alert_messages set fallback_sent = true where message_id = cast(:key as uuid)"), values
    )
    if other is None:
        return None
    copy = connection.execute(
        text("""insert into alert_messages (channel, critical, content, next_at, created_at, fallback_of)
                select :other, critical, content, :now, :now, message_id from alert_messages
                where message_id = cast(:key as uuid) returning message_id::text"""),
        values,
    ).scalar_one()
    connection.execute(
        text("""insert into alert_notifications (alert_id, kind, channel, route_reason, rule, severity, fingerprint,
                  group_key, message, value, happened_at, state, reason, message_id)
                select alert_id, kind, :other, :route_reason, rule, severity, fingerprint, group_key, message, value,
                  happened_at, 'composed', 'fallback_sent', cast(:copy as uuid)
                from alert_notifications where message_id = cast(:key as uuid)"""),
        {**values, "copy": copy},
    )
    return other


def reroute(connection: Connection) -> None:
    """What waits for a channel that is closed, or that is not there."""
    lost = connection.scalars(
        text("""select distinct n.channel from alert_notifications n
                left join alert_channels c on c.name = n.channel and c.enabled
                where n.state in ('queued', 'held') and c.name is null""")
    ).all()
    stuck = connection.scalars(
        text("""select m.message_id::text from alert_messages m
                left join alert_channels c on c.name = m.channel and c.enabled
                where m.state in ('ready', 'sending') and c.name is null
                limit 200 for update of m skip locked""")
    ).all()
    if not lost and not stuck:
        return
    names = outbox.load_channels(connection)
    for channel in lost:
        other = names.fallback_of_channel(channel) or names.route((), avoid=channel)[0][0]
        if other not in {outbox.NO_CHANNEL, channel}:
            connection.execute(
                text("""update alert_notifications set channel = :other, route_reason = :route_reason
                        where channel = :channel and state in ('queued', 'held')"""),
                {
                    "other": other,
                    "channel": channel,
                    "route_reason": f"fallback_of_{channel}" if channel else "first_channel",
                },
            )
    for key in stuck:
        _abandon(connection, key)


def _abandon(connection: Connection, key: str) -> None:
    values = {"key": key}
    now = connection.scalar(text("select clock_timestamp()"))
    handed = text("select fallback_sent from alert_messages where message_id = cast(:key as uuid)")
    if send_to_fallback(connection, key, now) is None and not connection.scalar(handed, values):
        return  # it waits until its channel is opened again, or another is made
    connection.execute(
        text("""update alert_messages set state = 'failed', error = 'the channel is closed'
                where message_id = cast(:key as uuid)"""),
        values,
    )
    connection.execute(
        text("""update alert_notifications set state = 'failed', reason = 'channel_closed', ended_at = now()
                where message_id = cast(:key as uuid) and state = 'composed'"""),
        values,
    )
