"""What is done beside the relay: escalations take their steps, silences that end are told of, a channel is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.access.writes import audit
from data.alerts.delivery import escalation, matching, oncall, outbox, records, silences
from data.alerts.delivery.matching import Matcher
from data.errors import Conflict

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.alerts.delivery.escalation import Due, Target
    from data.alerts.delivery.oncall import Schedule
    from data.permissions import Actor


def escalate(connection: Connection, now: datetime) -> int:
    """Take the steps that are due; returns how many."""
    steps = escalation.list_due(connection, now)
    schedules = oncall.list_schedules(connection) if steps else {}
    taken = 0
    for step in steps:
        if escalation.advance(connection, step, now):
            _tell(connection, step, schedules, now)
            taken += 1
    return taken


def _tell(connection: Connection, step: Due, schedules: dict[str, Schedule], now: datetime) -> None:
    row = connection.execute(
        text("""select alert_id, rule, severity, fingerprint, group_key, message, value from alert_subjects
                where alert_id = :id and ended_at is null and acknowledged_at is null"""),
        {"id": step.alert_id},
    ).first()
    if row is None:
        return
    names = outbox.load_channels(connection)
    told: set[str] = set()
    for target in step.policy.steps[step.place.step].targets:
        channel, words = _reached(target, schedules, now)
        for name, _ in names.route((channel,) if channel else ()):
            if name in told:
                continue
            told.add(name)
            values = outbox.subject_values(row)
            values["message"] += f" (step {step.place.step + 1} of {step.policy.name}: {words})"
            outbox.insert_notification(connection, kind="escalated", channel=name, route_reason=words, **values)


def _reached(target: Target, schedules: dict[str, Schedule], now: datetime) -> tuple[str | None, str]:
    """The channel, and who that is; without one the usual channels hear it: never nobody."""
    if target.kind == "channel":
        return target.name, f"channel {target.name}"
    schedule = schedules.get(target.name)
    if schedule is None:
        return None, f"there is no schedule {target.name}"
    person = oncall.who_to_page(schedule, now)
    if person is None:
        return None, f"nobody is on call in {target.name}"
    return person.channel, f"{person.name}, on call in {target.name}"


def remind_of_silences(connection: Connection, now: datetime) -> int:
    """Say of silences that end soon that something they mute still fires; returns of how many."""
    ending = silences.list_ending(connection, now)
    for silence, firing in ending:
        matchers = [Matcher.model_validate(each) for each in silence["matchers"]]
        words = f"The silence of {matching.describe(matchers)} ends at {silence['ends_at']:%H:%M} UTC; "
        words += f"{firing} of its alerts still fire. It was set by {silence['created_by']}: {silence['reason']}"
        outbox.notify_usual_channels(connection, words, group=f"silence {silence['id']}")
    return len(ending)


def send_test(connection: Connection, actor: Actor, channel_id: int) -> str:
    """Send a message over this channel alone; returns the number of its notification."""
    row = records.get_channel(connection, channel_id)
    if not row.enabled:
        raise Conflict(f"{row.name} is closed: {row.disabled_because or 'enabled is false'}")
    number = outbox.insert_notification(
        connection,
        kind="test",
        channel=row.name,
        route_reason="asked_for",
        message=f"A test of the channel {row.name}, asked for by {actor.name}",
        severity="info",
        group=f"test {row.name}",
    )
    audit(connection, actor, "channel.test", ("channel", row.name))
    return str(number)


def get_test_result(connection: Connection, number: str) -> dict[str, Any]:
    """What became of a test."""
    row = (
        connection.execute(
            text("""select n.channel, n.state, n.reason, m.state as message, m.error, m.attempts, m.sent_at
                from alert_notifications n left join alert_messages m using (message_id)
                where n.notification_id = :id and n.kind = 'test'"""),
            {"id": int(number)},
        )
        .mappings()
        .one()
    )
    state = (
        "sent" if row["message"] == "sent" else "failed" if "failed" in {row["message"], row["state"]} else "waiting"
    )
    return {"channel": row["channel"], "state": state, "error": row["error"], "sent_at": row["sent_at"]}
