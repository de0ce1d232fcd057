"""The outbox: what has to be told is written in the transaction of the transition itself.

The engine calls `record`, and `acknowledge` when a person takes an alert on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.alerts.delivery import escalation
from data.alerts.transition import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from data.alerts.transition import Transition

_TELLS = {State.FIRING: "firing", State.RESOLVED: "resolved", State.NODATA: "nodata", State.ERROR: "error"}
_OVER = {State.RESOLVED, State.INACTIVE}
_SILENT_BEFORE = {State.INACTIVE, State.PENDING}
NO_CHANNEL = ""  # no channel is there yet: the row waits for the first one

_SUBJECTS = text("""
  insert into alert_subjects as s (alert_id, rule, severity, labels, fingerprint, group_key, state, value, message,
    channels, started_at, changed_at, ended_at)
  select alert_id, rule, severity, labels, fingerprint, group_key, state, value, message,
         array(select jsonb_array_elements_text(channels)), started_at, at, case when ends then at end
  from jsonb_to_recordset(cast(:rows as jsonb)) as r(alert_id bigint, rule text, severity text, labels jsonb,
    fingerprint text, group_key text, state text, value float8, message text, channels jsonb,
    started_at timestamptz, ends boolean, at timestamptz)
  on conflict (alert_id) do update set severity = excluded.severity, state = excluded.state, value = excluded.value,
    message = excluded.message, channels = excluded.channels, changed_at = excluded.changed_at,
    started_at = coalesce(s.started_at, excluded.started_at), ended_at = excluded.ended_at
  where excluded.changed_at >= s.changed_at""")

_ROWS = text("""
  insert into alert_notifications (alert_id, kind, channel, route_reason, rule, severity, fingerprint, group_key,
    message, value, happened_at)
  select alert_id, kind, channel, route_reason, rule, severity, fingerprint, group_key, message, value, at
  from jsonb_to_recordset(cast(:rows as jsonb)) as r(alert_id bigint, kind text, channel text, route_reason text,
    rule text, severity text, fingerprint text, group_key text, message text, value float8, at timestamptz)""")

# An end goes wherever the beginning went, or was about to.
_INFORMED = text("""
  select fingerprint, channel from alert_announcements where fingerprint = any(:fingerprints) and open
  union
  select fingerprint, channel from alert_notifications
  where alert_id = any(:alerts) and kind in ('firing', 'nodata', 'error', 'escalated')
    and state in ('queued', 'held', 'composed')""")


def record(connection: Connection, transitions: Sequence[Transition]) -> None:
    """Write what has to be told of these transitions, in the order in which they happened."""
    if not transitions:
        return
    telling = [each for each in transitions if kind_of(each) is not None]
    _save_subjects(connection, transitions, [each for each in telling if kind_of(each) != "resolved"])
    names = ChannelNames.load(connection)
    ending = [each for each in telling if kind_of(each) == "resolved"]
    informed = _informed_channels(connection, ending)
    rows: list[dict[str, Any]] = []
    begun: dict[str, set[str]] = {}  # by this very call
    for each in telling:
        kind = kind_of(each)
        if kind == "resolved":
            listeners = informed.get(each.fingerprint, set()) | begun.get(each.fingerprint, set())
            routes = [(name, "was_informed") for name in sorted(listeners)]
        else:
            routes = names.route(each.channels)
            begun.setdefault(each.fingerprint, set()).update(name for name, _ in routes)
        rows += [_row(each, str(kind), name, route_reason) for name, route_reason in routes]
    if rows:
        connection.execute(_ROWS, {"rows": _json(rows)})
    escalation.start(connection, [each for each in telling if kind_of(each) in {"firing", "nodata", "error"}])
    escalation.stop(connection, [each.alert_id for each in transitions if each.now in _OVER], "it is over")


def kind_of(transition: Transition) -> str | None:
    """What a transition tells people; None where it is none of their business."""
    if transition.now == State.FIRING and transition.was in {State.FIRING, State.RECOVERING}:
        return None
    if transition.now in _OVER:
        return None if transition.was in _SILENT_BEFORE else "resolved"
    return _TELLS.get(transition.now)


def acknowledge(connection: Connection, alert_id: int, by: str) -> bool:
    """A person takes the alert on: its escalation stops. False where somebody was faster, or there is no such alert.

    Who comes in the same moment as an escalation's step waits for it, or it waits for them: the row is locked.
    """
    escalation.stop(connection, [alert_id], f"acknowledged by {by}")
    return bool(
        connection.execute(
            text("""update alert_subjects set acknowledged_at = now(), acknowledged_by = :by
                    where alert_id = :id and acknowledged_at is null and ended_at is null"""),
            {"id": alert_id, "by": by},
        ).rowcount
    )


def notify_usual_channels(
    connection: Connection, message: str, *, avoid: str | None = None, severity: str = "warning", group: str
) -> int:
    """Tell the usual channels of something about delivery itself; returns how many."""
    names = [name for name, _ in ChannelNames.load(connection).route(()) if name not in {avoid, NO_CHANNEL}]
    for name in names:
        values = {"message": message, "severity": severity, "group": group}
        insert_notification(connection, kind="notice", channel=name, route_reason="usual_channel", **values)
    return len(names)


def insert_notification(connection: Connection, **values: Any) -> int:  # noqa: ANN401 — the columns of one row
    """One row of no transition."""
    usual = {"alert_id": None, "rule": "delivery", "fingerprint": values["group"], "value": None}
    routes: int = connection.execute(
        text("""insert into alert_notifications (alert_id, kind, channel, route_reason, rule, severity, fingerprint,
                  group_key, message, value, happened_at)
                values (:alert_id, :kind, :channel, :route_reason, :rule, :severity, :fingerprint, :group, :message,
                  :value, now())
                returning notification_id"""),
        usual | values,
    ).scalar_one()
    return routes


def subject_values(row: Row[Any]) -> dict[str, Any]:
    """What `insert_notification` takes of a row of `alert_subjects`."""
    return {
        "alert_id": row.alert_id,
        "rule": row.rule,
        "severity": row.severity,
        "fingerprint": row.fingerprint,
        "group": row.group_key,
        "message": row.message,
        "value": row.value,
    }


class ChannelNames:
    """The channels that there are, and which of them are the usual ones."""

    def __init__(self, enabled: dict[str, bool], fallback: dict[str, str], usual: Sequence[str]) -> None:
        self._enabled, self._fallback, self._usual = enabled, fallback, usual

    @classmethod
    def load(cls, connection: Connection) -> ChannelNames:
        query = text("select name, enabled, usual, fallback, kind from alert_channels order by name")
        rows = connection.execute(query).all()
        enabled = {row.name: row.enabled for row in rows}
        usual = [row.name for row in rows if row.usual and row.enabled and row.kind != "canary"]
        if not usual:  # better an unusual channel than nobody
            usual = [row.name for row in rows if row.enabled and row.kind != "canary"][:1]
        return cls(enabled, {row.name: row.fallback for row in rows if row.fallback}, usual)

    def route(self, named: Sequence[str], *, avoid: str | None = None) -> list[tuple[str, str]]:
        """(channel, reason) of each that is to be telling."""
        routes: dict[str, str] = {}
        for name in named:
            if self._enabled.get(name) and name != avoid:
                routes.setdefault(name, "named_by_the_rule")
            elif (other := self.fallback_of_channel(name)) and other != avoid:
                routes.setdefault(other, f"fallback_of_{name}")
        if not routes:
            reason = "no_channel_that_the_rule_names" if named else "usual_channel"
            routes = {name: reason for name in self._usual if name != avoid}
        return list(routes.items()) or [(NO_CHANNEL, "no_channel_yet")]

    def fallback_of_channel(self, name: str) -> str | None:
        """The channel that takes over, along the chain of fallbacks."""
        seen = {name}
        while (name := self._fallback.get(name, "")) and name not in seen:
            if self._enabled.get(name):
                return name
            seen.add(name)
        return None


def load_channels(connection: Connection) -> ChannelNames:
    return ChannelNames.load(connection)


def _informed_channels(connection: Connection, ending: Sequence[Transition]) -> dict[str, set[str]]:
    routes: dict[str, set[str]] = {}
    if ending:
        values = {"fingerprints": [each.fingerprint for each in ending], "alerts": [each.alert_id for each in ending]}
        for row in connection.execute(_INFORMED, values):
            routes.setdefault(row.fingerprint, set()).add(row.channel)
    return routes


def _save_subjects(connection: Connection, transitions: Sequence[Transition], openings: Sequence[Transition]) -> None:
    """Each alert as its last transition left it."""
    last = {each.alert_id: each for each in transitions}
    started = {each.alert_id: each.at.isoformat() for each in reversed(openings)}
    rows = [_subject(each) | {"started_at": started.get(each.alert_id)} for each in last.values()]
    connection.execute(_SUBJECTS, {"rows": _json(rows)})


def _subject(each: Transition) -> dict[str, Any]:
    return {
        "alert_id": each.alert_id,
        "rule": each.rule,
        "severity": each.severity,
        "labels": dict(each.labels),
        "fingerprint": each.fingerprint,
        "group_key": each.group,
        "state": each.now.value,
        "value": each.value,
        "message": each.message,
        "channels": list(each.channels),
        "ends": each.now in _OVER,
        "at": each.at.isoformat(),
    }


def _row(each: Transition, kind: str, channel: str, route_reason: str) -> dict[str, Any]:
    return {
        "alert_id": each.alert_id,
        "kind": kind,
        "channel": channel,
        "route_reason": route_reason,
        "rule": each.rule,
        "severity": each.severity,
        "fingerprint": each.fingerprint,
        "group_key": each.group,
        "message": each.message,
        "value": each.value,
        "at": each.at.isoformat(),
    }


def _json(rows: list[dict[str, Any]]) -> str:
    return orjson.dumps(rows).decode()
