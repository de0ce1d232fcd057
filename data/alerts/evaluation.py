"""One evaluation of all rules: read the signals, step, store what became of it.

It is asked for every five seconds, perhaps by two beats at once, perhaps again after a crash: a tick is evaluated once
for each rule, and whoever comes later with an older tick leaves no trace. All of it is one transaction beside the
readings, so that a state is stored exactly when delivery is told.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.alerts import rules_store, series, writes
from data.alerts.engine import Alert, Step, TooSlow, step
from data.alerts.language import tree
from data.alerts.transition import State
from data.db import transaction
from data.serialization import dumps
from data.signal import TICK_S, Asked
from data.signals import signals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from data.alerts.language.readings import Readings
    from data.alerts.rule import Rule
    from data.alerts.transition import Transition
    from data.services import Services

log = logging.getLogger(__name__)

ALL = ""  # stands for the reading of the signals among the rules
_REASON = 500


@dataclass(slots=True)
class Outcome:
    """Of one rule at one tick."""

    rule: Rule
    step: Step = field(default_factory=Step)
    took_ms: float = 0.0
    error: str | None = None

    def row(self, names: frozenset[str]) -> dict[str, Any]:
        """What is told of the rule: its error, else which of its signals says nothing yet."""
        silent = [each.signal.name for each in tree.every_series(self.rule.node) if each.signal.name in names]
        error = self.error or (f"no data yet: {', '.join(silent)}" if silent and not self.step.asked else None)
        told = {"rule": self.rule.name, "took_ms": self.took_ms, "asked": self.step.asked}
        return told | {"missing": self.step.missing + self.step.errors, "error": error[:_REASON] if error else None}


def evaluate(services: Services, now: datetime) -> list[Transition]:
    """Evaluate what is in force for the tick of `now`; returns what changed. Nothing where that was done already."""
    tick = int(now.timestamp() // TICK_S)
    with transaction(services.engine) as connection:
        if ALL not in _claim(connection, [ALL], tick, now):
            return []
        rules = rules_store.load(connection).rules
        wanted = signals()
        windows = series.wanted_windows(rules)
        readings, fresh = series.read(Asked(connection, now, services.cache), wanted, windows, tick)
        series.load_usuals(connection, readings, series.wanted_usuals(rules))
        series.save(connection, fresh, windows, tick)
    with transaction(services.engine) as connection:
        return evaluate_rules(connection, rules, readings, tick)


def evaluate_rules(connection: Connection, rules: Sequence[Rule], readings: Readings, tick: int) -> list[Transition]:
    """The part that may be asked for twice: what was claimed for this tick, or for a later one, is left alone."""
    now = readings.now
    enabled = [rule for rule in rules if rule.enabled]
    claimed = _claim(connection, [rule.name for rule in enabled], tick, now)
    alive = live(connection)
    known = {rule.name: rule for rule in rules}
    silent = frozenset(name for name, family in readings.families.items() if family.is_silent)
    transitions: list[Transition] = []
    kept: list[Alert] = []
    outcomes = []
    for rule in (each for each in enabled if each.name in claimed):
        outcome = _step(rule, alive.get(rule.name, []), readings)
        transitions += _store(connection, known, outcome, now)
        kept += [*outcome.step.kept, *outcome.step.freed]
        outcomes.append(outcome.row(silent))
    writes.save_kept(connection, known, kept)
    _note(connection, outcomes)
    names = {rule.name for rule in enabled}
    orphans = [alert.alert_id for rule, alerts in alive.items() if rule not in names for alert in alerts]
    return transitions + writes.end(connection, orphans, now, "its rule was removed")


def _step(rule: Rule, alerts: Sequence[Alert], readings: Readings) -> Outcome:
    """A rule that fails, or takes too long, costs nobody but itself: its alerts stay what they are."""
    start = time.perf_counter()
    outcome = Outcome(rule)
    try:
        outcome.step = step(rule, alerts, readings)
    except (TooSlow, ValueError) as error:
        outcome.error = str(error)
    except Exception as error:
        log.exception("the alert rule %s cannot be evaluated", rule.name)
        outcome.error = f"{type(error).__name__}: {error}"
    outcome.took_ms = (time.perf_counter() - start) * 1000
    return outcome


def _store(connection: Connection, known: dict[str, Rule], outcome: Outcome, now: datetime) -> list[Transition]:
    if not outcome.step.changes:
        return []
    with connection.begin_nested():
        return writes.save_changes(connection, known, outcome.step.changes, now)


def _claim(connection: Connection, names: list[str], tick: int, now: datetime) -> set[str]:
    """Of these rules those that nobody has evaluated yet for this tick or a later one. A second beat waits for the
    first one's commit, and gets none."""
    rows = connection.execute(
        text("""insert into alert_evaluations as e (rule, tick, at)
                select name, :tick, :now from unnest(cast(:names as text[])) as n (name) order by name
                on conflict (rule) do update set tick = excluded.tick, at = excluded.at where e.tick < excluded.tick
                returning rule"""),
        {"names": names, "tick": tick, "now": now},
    )
    return {row.rule for row in rows}


def _note(connection: Connection, outcomes: list[dict[str, Any]]) -> None:
    connection.execute(
        text("""update alert_evaluations e set took_ms = r.took_ms, asked = r.asked, missing = r.missing,
                  error = r.error
                from jsonb_to_recordset(cast(:rows as jsonb))
                  as r (rule text, took_ms float8, asked int, missing int, error text)
                where e.rule = r.rule"""),
        {"rows": dumps(outcomes).decode()},
    )


def live(connection: Connection) -> dict[str, list[Alert]]:
    """Alerts that live or are held, by rule, locked against people's hands until this is stored."""
    rows = connection.execute(
        text("""select id, rule, subject, labels, fingerprint, state, started_at, fired_at, quiet_since, missing_since,
                       resolved_at, last_evaluated_at, value, message, held, simulated
                from alerts where resolved_at is null or held order by id for update""")
    )
    found: dict[str, list[Alert]] = {}
    for row in rows:
        alert = Alert(
            row.rule,
            row.subject,
            row.labels,
            row.fingerprint,
            State(row.state),
            row.started_at,
            row.fired_at,
            row.quiet_since,
            row.missing_since,
            row.resolved_at,
            row.last_evaluated_at,
            row.value,
            row.message,
            row.held,
            row.simulated,
            row.id,
        )
        found.setdefault(row.rule, []).append(alert)
    return found
