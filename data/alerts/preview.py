"""What rules would have made of samples, or of the last days: the engine over a past, with nothing stored."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import text

from data.alerts import rulebook, rules_store
from data.alerts.engine import ENDED, Alert, moved, subjects_of
from data.alerts.language import tree
from data.alerts.language.evaluate import evaluate
from data.alerts.language.parse import BadCondition, parse_series
from data.alerts.language.readings import STALE_INTERVALS, Family, Reading, Readings
from data.alerts.rule import Seconds
from data.alerts.transition import State
from data.errors import BadInput
from data.signals import signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from data.alerts.language.readings import Key
    from data.alerts.rule import Rule
    from data.signal import Signal

MOST_LOOKS = 40_000  # label sets times moments, half a second of work; a preview of more looks less often
MOST_POINTS = 100_000
MOST_TOLD = 1000
PREVIEW_S = 8.0
_MINUTE = 60

Value = float | str | None
Past = list[tuple[datetime, Value]]


def _bounded(value: object) -> object:
    if isinstance(value, dict) and sum(len(row) for row in value.values() if isinstance(row, list)) > MOST_POINTS:
        raise ValueError(f"hold more than {MOST_POINTS:,} values")
    return value


Point = Annotated[float, Field(allow_inf_nan=False)] | Annotated[str, Field(max_length=200)] | None
Samples = Annotated[dict[str, list[Point]], BeforeValidator(_bounded), Field(max_length=500)]


class Trial(BaseModel):
    """`samples`: by series, as `queue_depth{queue="job_queue"}`, a value every `interval`; null where none came.
    Without them the last `days` are looked at."""

    model_config = ConfigDict(extra="forbid")

    rules: list[dict[str, Any]] | None = Field(None, max_length=100, description="else those in force")
    document: str | None = Field(None, max_length=rulebook.LARGEST, description="the rules as YAML")
    samples: Samples | None = None
    interval: Seconds = Field(_MINUTE, ge=1)
    days: float = Field(7, gt=0, le=8)

    def given(self) -> tuple[Rule, ...] | None:
        """Raises BadInput."""
        if self.document is not None:
            return rulebook.from_yaml(self.document)
        return rulebook.from_rows(self.rules) if self.rules is not None else None


@dataclass(slots=True)
class Period:
    """From when an alert fired, and until when; None where it does still."""

    rule: str
    labels: Mapping[str, str]
    start: datetime
    end: datetime | None = None


@dataclass(slots=True)
class Played:
    transitions: list[dict[str, Any]] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    grid_s: float = _MINUTE


def prepare(connection: Connection, trial: Trial, now: datetime) -> Callable[[], Played]:
    """What is to be played, with all that the connection is needed for. Raises BadInput that names what is wrong."""
    rules = trial.given()
    if rules is None:
        rules = rules_store.load(connection).rules
    if trial.samples is not None:
        return partial(play_samples, rules, trial.samples, trial.interval)
    return record(connection, rules, now, trial.days).play


def told(played: Played) -> dict[str, Any]:
    periods = [
        {"rule": each.rule, "labels": dict(each.labels), "from": each.start, "to": each.end}
        for each in played.periods[:MOST_TOLD]
    ]
    return {"transitions": played.transitions[:MOST_TOLD], "fired": len(played.periods), "periods": periods}


def play_samples(
    rules: Sequence[Rule],
    samples: Mapping[str, Sequence[Value]],
    interval: int,
    start: datetime = datetime(2026, 1, 1, tzinfo=UTC),
) -> Played:
    """A sample is expected every `interval`; one that is missing says nothing, whatever the signal is otherwise."""
    known = signals()
    pasts: dict[str, dict[Key, Past]] = {}
    longest = 0
    for words, values in samples.items():
        try:
            signal, labels = parse_series(words, known)
        except BadCondition as error:
            raise BadInput.field("samples", words[:100], msg=str(error)) from None
        for place, value in enumerate(values):
            if value is not None and (isinstance(value, str) != (signal.kind == "word") or isinstance(value, bool)):
                raise BadInput.field("samples", words[:100], place, msg=f"must be a {signal.kind}")
        at = [(start + timedelta(seconds=place * interval), value) for place, value in enumerate(values)]
        pasts.setdefault(signal.name, {})[tuple(labels.values())] = [
            (when, float(value) if isinstance(value, int) else value) for when, value in at if value is not None
        ]
        longest = max(longest, len(values))
    named = {name: replace(known[name], every_s=interval, complete=False) for name in pasts}
    return _play(rules, named, pasts, start, longest, interval)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was kept of what rules ask about, to be played once the connection is let go."""

    rules: Sequence[Rule]
    signals: Mapping[str, Signal]
    pasts: Mapping[str, Mapping[Key, Past]]
    start: datetime
    ticks: int
    grid_s: float

    def play(self) -> Played:
        """Raises BadInput where that takes too long."""
        return _play(self.rules, self.signals, self.pasts, self.start, self.ticks, self.grid_s)


def record(connection: Connection, rules: Sequence[Rule], now: datetime, days: float) -> Recorded:
    known = {each.signal.name: each.signal for rule in rules for each in tree.every_series(rule.node)}
    start = (now - timedelta(days=days)).replace(second=0, microsecond=0)
    minutes = days * 24 * 60
    every = max(1, math.ceil(_count_series(connection, known) * minutes * len(rules) / MOST_LOOKS))
    pasts = {name: history(connection, signal, start, now, every=every) for name, signal in known.items()}
    grid_s = _MINUTE * every
    named = {name: replace(signal, every_s=max(signal.every_s, grid_s)) for name, signal in known.items()}
    first = datetime.fromtimestamp(start.timestamp() // grid_s * grid_s, UTC)  # on the grid, as what was kept is
    return Recorded(rules, named, pasts, first, int(minutes // every) + 2, grid_s)


def _count_series(connection: Connection, known: Mapping[str, Signal]) -> int:
    names = {"names": list(known)}
    return int(connection.scalar(text("select count(*) from alert_series where signal = any(:names)"), names) or 0)


def history(
    connection: Connection, signal: Signal, start: datetime, end: datetime, *, every: int = 1
) -> dict[Key, Past]:
    """What was kept of a signal, by series: numbers, of the minutes that `every` divides."""
    rows = connection.execute(
        text("""select s.key, p.at, p.value from alert_series s join alert_samples p using (series_id)
                where s.signal = :name and p.at >= :start and p.at <= :end
                  and floor(extract(epoch from p.at) / 60) % :every = 0
                order by p.at limit :most"""),
        {"name": signal.name, "start": start, "end": end, "every": every, "most": 10 * MOST_POINTS},
    )
    found: dict[Key, Past] = {}
    for key, at, value in rows:
        if len(key) == len(signal.labels):
            found.setdefault(tuple(key), []).append((at, value))
    return found


@dataclass(slots=True)
class _Tape:
    """A past that is let go by: `readings` are as they were at `now`."""

    readings: Readings
    pasts: Mapping[str, Mapping[Key, Past]]
    places: dict[tuple[str, Key], int] = field(default_factory=dict)

    def wind(self, now: datetime) -> None:
        self.readings.now = now
        for name, family in self.readings.families.items():
            for key, past in self.pasts.get(name, {}).items():
                self._wind_one(family, key, past, now)

    def _wind_one(self, family: Family, key: Key, past: Past, now: datetime) -> None:
        place = self.places.get((family.signal.name, key), 0)
        first = place
        while place < len(past) and past[place][0] <= now:
            place += 1
        if place > first:
            self.places[family.signal.name, key] = place
            at, value = past[place - 1]
            family.readings[key] = Reading(dict(zip(family.signal.labels, key, strict=True)), value, at)
        elif family.signal.complete and key in family.readings and _is_over(family, key, now):
            del family.readings[key]


def _is_over(family: Family, key: Key, now: datetime) -> bool:
    return (now - family.readings[key].at).total_seconds() > STALE_INTERVALS * family.signal.every_s


def _play(
    rules: Iterable[Rule],
    named: Mapping[str, Signal],
    pasts: Mapping[str, Mapping[Key, Past]],
    start: datetime,
    ticks: int,
    grid_s: float,
) -> Played:
    played = Played(grid_s=grid_s)
    deadline = time.monotonic() + PREVIEW_S
    for rule in rules:
        if not rule.enabled:
            continue
        readings = Readings(start, {name: _family(named[name], pasts.get(name, {})) for name in named})
        tape = _Tape(readings, pasts)
        subjects = _all_subjects(rule, named, pasts, start)
        if len(subjects) * ticks > 20 * MOST_LOOKS:
            raise BadInput.field("samples", msg=f"ask rule “{rule.name}” of more than can be looked at")
        alive: list[Alert | None] = [None] * len(subjects)
        for tick in range(ticks):
            if time.monotonic() > deadline:
                raise BadInput(f"This takes longer than {PREVIEW_S:.0f} s to play: ask for fewer rules, series or days")
            tape.wind(start + timedelta(seconds=tick * grid_s))
            for place, subject in enumerate(subjects):
                answer = evaluate(rule.node, subject, readings)
                after = moved(rule, alive[place], subject, answer, readings.now)
                if after is not None:
                    _note(played, alive[place], after, readings.now)
                alive[place] = None if after is None or after.state in ENDED else after
    played.transitions.sort(key=lambda each: each["at"])
    played.periods.sort(key=lambda each: each.start)
    return played


def _family(signal: Signal, pasts: Mapping[Key, Past]) -> Family:
    numbers = {key: [(at, value) for at, value in past if isinstance(value, float)] for key, past in pasts.items()}
    return Family(signal, history=numbers)


def _all_subjects(
    rule: Rule, named: Mapping[str, Signal], pasts: Mapping[str, Mapping[Key, Past]], now: datetime
) -> list[dict[str, str]]:
    """Every label set that is ever asked of."""
    whole = Readings(now, {name: Family(signal) for name, signal in named.items()})
    for name, family in whole.families.items():
        for key in pasts.get(name, {}):
            family.readings[key] = Reading(dict(zip(family.signal.labels, key, strict=True)), None, now)
    return subjects_of(rule, whole)


def _note(played: Played, before: Alert | None, after: Alert, now: datetime) -> None:
    was = before.state if before else State.INACTIVE
    if was is after.state:
        return
    told = {"rule": after.rule, "labels": dict(after.labels), "was": was, "now": after.state, "at": now}
    played.transitions.append(told | {"value": after.value, "message": after.message})
    if after.state is State.FIRING and (before is None or before.fired_at is None):
        played.periods.append(Period(after.rule, after.labels, now))
    if after.state is State.RESOLVED and before is not None and before.fired_at is not None:
        open_periods = (one for one in reversed(played.periods) if one.end is None and one.labels == after.labels)
        if found := next((one for one in open_periods if one.rule == after.rule), None):
            found.end = now
