"""What changes alerts: the engine's steps, and people's hands. Each with its row in the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import text

from data.access.writes import audit
from data.alerts.delivery import outbox
from data.alerts.engine import group_of
from data.alerts.transition import State, Transition
from data.errors import Conflict, NotFound
from data.live import acknowledgements
from data.serialization import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from data.alerts.engine import Alert, Change
    from data.alerts.rule import Rule
    from data.permissions import Actor

ENGINE = "engine"


class Handled(NamedTuple):
    """An alert after somebody took it in hand."""

    alert_id: int
    state: State
    by: str
    at: datetime


def save_changes(
    connection: Connection, rules: Mapping[str, Rule], changes: Sequence[Change], now: datetime
) -> list[Transition]:
    """Alerts that began or changed state, their timeline, and what delivery is to know, all at once."""
    if not changes:
        return []
    begun = _insert(connection, rules, [change.after for change in changes if change.before is None])
    _update(connection, rules, [change.after for change in changes if change.before is not None])
    transitions = [_transition(rules, change, begun, now) for change in changes]
    _insert_events(connection, [(each.alert_id, each.now, ENGINE, _detail(each)) for each in transitions], now)
    outbox.record(connection, transitions)
    return transitions


def save_kept(connection: Connection, rules: Mapping[str, Rule], alerts: Sequence[Alert]) -> None:
    """Alerts that stay what they are, with their newest value."""
    _update(connection, rules, alerts)


def _row(rules: Mapping[str, Rule], alert: Alert) -> dict[str, Any]:
    rule = rules.get(alert.rule)
    named = (
        {
            "group_key": group_of(rule, alert.labels),
            "severity": rule.severity,
            "channels": list(rule.channels),
            "escalation": rule.escalation,
            "actions": [each.model_dump(exclude_none=True) for each in rule.actions],
        }
        if rule
        else {}
    )
    return named | {
        "id": alert.alert_id,
        "rule": alert.rule,
        "fingerprint": alert.fingerprint,
        "labels": dict(alert.labels),
        "subject": dict(alert.subject),
        "state": alert.state,
        "value": alert.value,
        "message": alert.message,
        "started_at": alert.started_at,
        "fired_at": alert.fired_at,
        "quiet_since": alert.quiet_since,
        "missing_since": alert.missing_since,
        "resolved_at": alert.resolved_at,
        "last_evaluated_at": alert.evaluated_at,
        "held": alert.held,
        "simulated": alert.simulated,
    }


_COLUMNS = """id bigint, rule text, fingerprint text, labels jsonb, subject jsonb, group_key text, severity text,
  state text, value float8, message text, channels text[], escalation text, actions jsonb, started_at timestamptz,
  fired_at timestamptz, quiet_since timestamptz, missing_since timestamptz, resolved_at timestamptz,
  last_evaluated_at timestamptz, held boolean, simulated boolean"""


def _insert(connection: Connection, rules: Mapping[str, Rule], alerts: Sequence[Alert]) -> dict[str, int]:
    """The ids of what began, by fingerprint."""
    if not alerts:
        return {}
    rows = connection.execute(
        text(f"""
        insert into alerts (rule, fingerprint, labels, subject, group_key, severity, state, value, message, channels,
          escalation, actions, started_at, fired_at, missing_since, last_evaluated_at, simulated)
        select rule, fingerprint, labels, subject, group_key, severity, state, value, message, channels, escalation,
          actions, started_at, fired_at, missing_since, last_evaluated_at, simulated
        from jsonb_to_recordset(cast(:rows as jsonb)) as r ({_COLUMNS})
        returning fingerprint, id
        """),
        {"rows": _json(_row(rules, alert) for alert in alerts)},
    )
    return {row.fingerprint: row.id for row in rows}


def _update(connection: Connection, rules: Mapping[str, Rule], alerts: Sequence[Alert]) -> None:
    if not alerts:
        return
    connection.execute(
        text(f"""
        update alerts a set state = r.state, value = r.value, message = r.message, started_at = r.started_at,
          fired_at = r.fired_at, quiet_since = r.quiet_since, missing_since = r.missing_since,
          resolved_at = r.resolved_at, last_evaluated_at = r.last_evaluated_at, held = r.held, simulated = r.simulated,
          group_key = coalesce(r.group_key, a.group_key), severity = coalesce(r.severity, a.severity),
          channels = coalesce(r.channels, a.channels), escalation = coalesce(r.escalation, a.escalation),
          actions = coalesce(r.actions, a.actions)
        from jsonb_to_recordset(cast(:rows as jsonb)) as r ({_COLUMNS}) where a.id = r.id
        """),
        {"rows": _json(_row(rules, alert) for alert in alerts)},
    )


def _transition(rules: Mapping[str, Rule], change: Change, begun: Mapping[str, int], now: datetime) -> Transition:
    alert, rule = change.after, rules[change.after.rule]
    return Transition(
        alert.alert_id if alert.alert_id is not None else begun[alert.fingerprint],
        alert.rule,
        rule.severity,
        alert.labels,
        alert.fingerprint,
        group_of(rule, alert.labels),
        change.was,
        alert.state,
        now,
        alert.value,
        _marked(alert.message or alert.rule, simulated=alert.simulated),
        rule.channels,
        rule.escalation,
    )


def _marked(message: str, *, simulated: bool) -> str:
    """Whoever is told of it, on whatever channel, must see that nothing real happened."""
    return f"SIMULATION · {message}" if simulated else message


def _detail(transition: Transition) -> dict[str, Any]:
    return {"was": transition.was, "value": transition.value, "message": transition.message}


def _insert_events(
    connection: Connection, events: Iterable[tuple[int, str, str, dict[str, Any]]], now: datetime
) -> None:
    rows = [{"alert_id": at, "kind": kind, "by": by, "detail": detail} for at, kind, by, detail in events]
    connection.execute(
        text("""insert into alert_events (alert_id, at, kind, by, detail)
                select alert_id, :now, kind, by, detail
                from jsonb_to_recordset(cast(:rows as jsonb))
                  as r (alert_id bigint, kind text, by text, detail jsonb)"""),
        {"rows": _json(rows), "now": now},
    )


def note_event(
    connection: Connection,
    alert_id: int,
    kind: str,
    by: str,
    now: datetime,
    **detail: Any,  # noqa: ANN401 — what JSON holds
) -> None:
    """A line in an alert's timeline."""
    _insert_events(connection, [(alert_id, kind, by, detail)], now)


def acknowledge(
    connection: Connection, actor: Actor, alert_id: int, now: datetime, *, group: bool = False
) -> list[Handled]:
    """Take an alert on, and with `group` all that are open of its group; the first who did stands.

    Raises NotFound, and Conflict where it is over already.
    """
    done = []
    for row in _opened(connection, alert_id, group=group):
        if row.acknowledged_by is None:
            connection.execute(
                text("update alerts set acknowledged_at = :now, acknowledged_by = :by where id = :id"),
                {"now": now, "by": actor.name, "id": row.id},
            )
            note_event(connection, row.id, "acknowledged", actor.name, now)
            audit(connection, actor, "alert.acknowledge", ("alert", str(row.id)))
            outbox.acknowledge(connection, row.id, actor.name)
            acknowledgements.acknowledge_about(connection, actor, row.labels)
        by, at = row.acknowledged_by or actor.name, row.acknowledged_at or now
        done.append(Handled(row.id, State(row.state), by, at))
    return done


def acknowledge_about(connection: Connection, actor: Actor, label: str, value: str, now: datetime) -> None:
    """Take on every open alert with this label: what it is about was taken on elsewhere."""
    rows = connection.execute(
        text("""update alerts set acknowledged_at = :now, acknowledged_by = :by
                where resolved_at is null and acknowledged_at is null and labels ->> :label = :value returning id"""),
        {"now": now, "by": actor.name, "label": label, "value": value},
    )
    for row in rows.all():
        note_event(connection, row.id, "acknowledged", actor.name, now)
        outbox.acknowledge(connection, row.id, actor.name)


def resolve(
    connection: Connection, actor: Actor, alert_id: int, now: datetime, *, group: bool = False
) -> list[Handled]:
    """Call an alert over. While its condition goes on to hold it stays quiet; it comes again when that held anew.

    Raises NotFound, and Conflict where it is over already.
    """
    rows = _opened(connection, alert_id, group=group)
    transitions = []
    for row in rows:
        connection.execute(
            text("""update alerts set state = 'resolved', resolved_at = :now, resolved_by = :by, held = true
                    where id = :id"""),
            {"now": now, "by": actor.name, "id": row.id},
        )
        note_event(connection, row.id, "resolved", actor.name, now, was=row.state)
        audit(connection, actor, "alert.resolve", ("alert", str(row.id)))
        transitions.append(_over(row, now, f"resolved by {actor.name}"))
    outbox.record(connection, transitions)
    return [Handled(row.id, State.RESOLVED, actor.name, now) for row in rows]


def end(connection: Connection, alert_ids: Sequence[int | None], now: datetime, why: str) -> list[Transition]:
    """Alerts whose rule is no more: who heard of them hears their end; what was held is let go."""
    if not alert_ids:
        return []
    rows = connection.execute(
        text("select * from alerts where id = any(:ids) order by id for update"), {"ids": alert_ids}
    ).all()
    connection.execute(
        text("""update alerts set held = false, resolved_at = coalesce(resolved_at, :now),
                  state = case when state = 'pending' then 'inactive' else 'resolved' end
                where id = any(:ids)"""),
        {"ids": alert_ids, "now": now},
    )
    transitions = [_over(row, now, why) for row in rows if row.resolved_at is None]
    _insert_events(connection, [(each.alert_id, each.now, ENGINE, _detail(each)) for each in transitions], now)
    outbox.record(connection, transitions)
    return transitions


def _over(row: Any, now: datetime, why: str) -> Transition:  # noqa: ANN401 — a row of alerts
    """The end of an alert that no answer of its condition brought."""
    return Transition(
        row.id,
        row.rule,
        row.severity,
        row.labels,
        row.fingerprint,
        row.group_key,
        State(row.state),
        State.INACTIVE if row.state == State.PENDING else State.RESOLVED,
        now,
        row.value,
        _marked(f"{row.message} · {why}", simulated=row.simulated),
        tuple(row.channels),
        row.escalation,
    )


def _opened(connection: Connection, alert_id: int, *, group: bool) -> Sequence[Any]:
    """The alert, or all that are open of its group, locked in the engine's order."""
    first = connection.execute(
        text("select id, state, group_key, resolved_at from alerts where id = :id"), {"id": alert_id}
    ).first()
    if first is None:
        raise NotFound(f"There is no alert {alert_id}")
    which = "group_key = :group" if group else "id = :id"
    rows = connection.execute(
        text(f"select * from alerts where {which} and resolved_at is null order by id for update"),
        {"id": alert_id, "group": first.group_key},
    ).all()
    if not rows:
        raise Conflict(f"Alert {alert_id} is over already")
    return rows


def _json(rows: Iterable[Mapping[str, Any]]) -> str:
    return dumps(list(rows)).decode()
