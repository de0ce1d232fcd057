"""What becomes of the alerts of a rule when it is evaluated. Pure: (alerts, readings, now) → alerts.

    inactive → pending → firing → (recovering →) resolved

An alert is pending until its condition has held for the rule's `for`, and firing until it has not held for the rule's
`keep_firing_for`. Where there is no data, or an error instead of it, a firing alert waits as `nodata` or `error`:
absence is no recovery, only an answer of no is. What the rule's `no_data` says decides the rest: `keep` opens nothing,
`alert` opens an alert for it, `ok` takes it for a no.

Beside Prometheus, on purpose: a firing alert whose `for` was raised goes on firing, for who heard of it must hear its
end; and an alert that a person has resolved stays quiet until its condition was a no once.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import orjson

from data.alerts.language import tree
from data.alerts.language.evaluate import Answer, evaluate
from data.alerts.language.readings import Missing, subjects
from data.alerts.transition import State

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from data.alerts.language.readings import Labels, Readings
    from data.alerts.rule import Rule

NOTED = timedelta(minutes=1)  # how often an alert that stays as it is says that it was evaluated
OUTAGE = timedelta(hours=1)  # when nobody evaluated for so long, a pending alert begins anew
ENDED = frozenset({State.INACTIVE, State.RESOLVED})
MISSING = frozenset({State.NODATA, State.ERROR})
RULE_S = 2.0  # what one rule may take


class TooSlow(Exception):
    """A rule that took longer than it may."""


@dataclass(frozen=True, slots=True)
class Alert:
    """`subject` are the labels that the condition was asked of; `labels` those and the rule's own. `started_at`: when
    the condition began to hold; `quiet_since`: since when it has not, while it recovers. `held`: resolved by a person,
    and its condition has held ever since."""

    rule: str
    subject: Labels
    labels: Labels
    fingerprint: str
    state: State
    started_at: datetime
    fired_at: datetime | None = None
    quiet_since: datetime | None = None
    missing_since: datetime | None = None
    resolved_at: datetime | None = None
    evaluated_at: datetime | None = None
    value: float | None = None
    message: str = ""
    held: bool = False
    simulated: bool = False
    alert_id: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is None where an alert began."""

    before: Alert | None
    after: Alert

    @property
    def was(self) -> State:
        return self.before.state if self.before else State.INACTIVE

    @property
    def moved(self) -> bool:
        return self.was is not self.after.state


@dataclass(slots=True)
class Step:
    """`changes` are those of state, `kept` the alerts that stay what they are and have something new to store, `freed`
    those that a person had resolved and whose condition is a no now."""

    changes: list[Change] = field(default_factory=list)
    kept: list[Alert] = field(default_factory=list)
    freed: list[Alert] = field(default_factory=list)
    asked: int = 0
    missing: int = 0
    errors: int = 0


def step(rule: Rule, alerts: Iterable[Alert], readings: Readings, *, limit_s: float = RULE_S) -> Step:
    """`alerts` are those of this rule that live, and those that are held. Raises TooSlow, and ValueError where it asks
    of too many label sets."""
    deadline = time.monotonic() + limit_s
    done = Step()
    live = {fingerprint(rule.name, alert.labels): alert for alert in alerts}
    asked = {fingerprint(rule.name, labels_of(rule, each)): each for each in subjects_of(rule, readings)}
    for mark, subject in (asked | {mark: dict(alert.subject) for mark, alert in live.items()}).items():
        if time.monotonic() > deadline:
            raise TooSlow(f"took longer than {limit_s:g} s")
        answer = evaluate(rule.node, subject, readings)
        done.asked += 1
        done.missing += answer.truth is Missing.NO_DATA
        done.errors += answer.truth is Missing.ERROR
        _note(done, live.get(mark), moved(rule, live.get(mark), subject, answer, readings.now))
    return done


def subjects_of(rule: Rule, readings: Readings) -> list[dict[str, str]]:
    return subjects(tree.every_series(rule.node), readings)


def _note(done: Step, before: Alert | None, after: Alert | None) -> None:
    if after is None:
        return
    if before is not None and before.held and not after.held:
        done.freed.append(after)
    elif before is None or before.state is not after.state:
        done.changes.append(Change(before, after))
    elif is_news(before, after):
        done.kept.append(after)


def is_news(before: Alert, after: Alert) -> bool:
    """Whether anything but the time has changed, or that for a while: what stands still costs no write."""
    if before.evaluated_at is None or after.evaluated_at is None or after.evaluated_at - before.evaluated_at >= NOTED:
        return True
    return replace(after, evaluated_at=before.evaluated_at) != before


def moved(rule: Rule, before: Alert | None, subject: Labels, answer: Answer, now: datetime) -> Alert | None:
    """The alert of one label set after an answer; None where there is none."""
    truth = answer.truth
    if isinstance(truth, Missing) and rule.no_data == "ok":
        truth = False
    if before is None:
        return _begun(rule, subject, replace(answer, truth=truth), now)
    current = replace(before, evaluated_at=now, simulated=before.simulated or answer.simulated)
    if before.held:
        return replace(current, held=truth is not False)
    if isinstance(truth, Missing):
        return _without_data(rule, current, truth, now)
    current = replace(current, missing_since=None)
    if not truth:
        return _quiet(rule, current, now)
    told = replace(current, value=answer.value, message=rule.words(current.labels, answer.value, answer.note))
    return _true(rule, before, told, now)


def _begun(rule: Rule, subject: Labels, answer: Answer, now: datetime) -> Alert | None:
    if answer.truth is False or (isinstance(answer.truth, Missing) and rule.no_data != "alert"):
        return None
    labels = labels_of(rule, subject)
    state, words = State.PENDING if rule.hold_s else State.FIRING, rule.words(labels, answer.value, answer.note)
    if isinstance(answer.truth, Missing):
        state, words = _missing_state(answer.truth), f"{answer.truth.value}: {rule.condition}"
    return Alert(
        rule.name,
        dict(subject),
        labels,
        fingerprint(rule.name, labels),
        state,
        now,
        fired_at=now if state is State.FIRING else None,
        missing_since=now if state in MISSING else None,
        evaluated_at=now,
        value=answer.value,
        message=words,
        simulated=answer.simulated,
    )


def _true(rule: Rule, before: Alert, alert: Alert, now: datetime) -> Alert:
    if alert.fired_at is not None:
        return replace(alert, state=State.FIRING, quiet_since=None)
    started = alert.started_at
    if before.missing_since is not None or (before.evaluated_at and now - before.evaluated_at > OUTAGE):
        started = now
    if now - started >= timedelta(seconds=rule.hold_s):
        return replace(alert, state=State.FIRING, started_at=started, fired_at=now)
    return replace(alert, state=State.PENDING, started_at=started)


def _quiet(rule: Rule, alert: Alert, now: datetime) -> Alert:
    if alert.state is State.PENDING:
        return replace(alert, state=State.INACTIVE, resolved_at=now)
    since = alert.quiet_since or now
    if alert.fired_at is not None and now - since < timedelta(seconds=rule.keep_firing_s):
        return replace(alert, state=State.RECOVERING, quiet_since=since)
    return replace(alert, state=State.RESOLVED, quiet_since=since, resolved_at=now)


def _without_data(rule: Rule, alert: Alert, missing: Missing, now: datetime) -> Alert:
    since = alert.missing_since or now
    if alert.state is State.PENDING and rule.no_data != "alert":
        return replace(alert, missing_since=since)
    return replace(alert, state=_missing_state(missing), missing_since=since)


def _missing_state(missing: Missing) -> State:
    return State.ERROR if missing is Missing.ERROR else State.NODATA


def labels_of(rule: Rule, subject: Labels) -> dict[str, str]:
    return {**subject, **dict(rule.labels)}


def fingerprint(rule: str, labels: Mapping[str, str]) -> str:
    """The same for the same rule and labels, whenever it comes again."""
    told = orjson.dumps([rule, sorted(labels.items())])
    return hashlib.sha256(told).hexdigest()[:32]


def group_of(rule: Rule, labels: Mapping[str, str]) -> str:
    """`Spam influx`, or `Spam influx {target=a.example}` where the rule groups by the target."""
    by = [name for name in rule.group_by if name != "rule"]
    inside = ", ".join(f"{name}={labels.get(name, '')}" for name in by)
    return f"{rule.name} {{{inside}}}" if by else rule.name
