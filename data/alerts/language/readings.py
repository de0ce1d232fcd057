"""What the signals say at one moment, and which sets of labels a condition is asked of."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from data.alerts.language.tree import Series
    from data.signal import Signal

Labels = Mapping[str, str]
Key = tuple[str, ...]  # the values of a signal's labels, in their order
Point = tuple[datetime, float]

STALE_INTERVALS = 2
MOST_SUBJECTS = 20_000
_EARLIER = timedelta(days=1)


class Missing(Enum):
    """Why there is no value. ABSENT: its source names all there is, and this is not among it."""

    NO_DATA = "no data"
    ERROR = "error"
    ABSENT = "absent"


class TooMany(ValueError):
    """A condition asks of more label sets than anybody can look at."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest sample of a series. `value` is None where the source cannot tell."""

    labels: Labels
    value: float | str | None
    at: datetime
    note: str = ""
    simulated: bool = False


@dataclass(slots=True)
class Family:
    """A signal with its newest readings, and what came before them where a window asks for it. `error` says why it
    cannot be read: what was read before holds until it is stale."""

    signal: Signal
    readings: dict[Key, Reading] = field(default_factory=dict)
    history: dict[Key, list[Point]] = field(default_factory=dict)
    usuals: dict[Key, list[Point]] = field(default_factory=dict)  # of this hour of the week, where it is asked for
    error: str | None = None

    @property
    def is_silent(self) -> bool:
        """Whether nothing was ever heard of it, though something should be."""
        return not self.readings and not (self.signal.complete and self.signal.read)

    def key(self, labels: Labels) -> Key | None:
        """Of the series that these labels name; None where they do not name one."""
        try:
            return tuple(labels[name] for name in self.signal.labels)
        except KeyError:
            return None

    def look(self, labels: Labels, now: datetime) -> Reading | Missing:
        key = self.key(labels)
        reading = None if key is None else self.readings.get(key)
        if reading is not None and now - reading.at <= timedelta(seconds=STALE_INTERVALS * self.signal.every_s):
            return Missing.NO_DATA if reading.value is None else reading
        if self.error is not None:
            return Missing.ERROR
        gone = reading is None and self.signal.complete and self.signal.read is not None
        return Missing.ABSENT if gone else Missing.NO_DATA

    def usual(self, labels: Labels, now: datetime) -> list[float]:
        """What was measured in the same hour of earlier weeks (UTC)."""
        key = self.key(labels)
        past = [] if key is None else self.usuals.get(key) or self.history.get(key, [])
        hour = (now.weekday(), now.hour)
        return [value for at, value in past if now - at > _EARLIER and (at.weekday(), at.hour) == hour]

    def points(self, labels: Labels, since: datetime, now: datetime) -> list[Point]:
        """What was measured after `since`, the oldest first."""
        key = self.key(labels)
        if key is None:
            return []
        past = self.history.get(key, [])
        return past[bisect_right(past, since, key=_moment) : bisect_right(past, now, key=_moment)]


def _moment(point: Point) -> datetime:
    return point[0]


@dataclass(slots=True)
class Readings:
    now: datetime
    families: dict[str, Family] = field(default_factory=dict)

    def family(self, signal: Signal) -> Family:
        found = self.families.get(signal.name)
        return found if found is not None else Family(signal)


def subjects(series: Iterable[Series], readings: Readings) -> list[dict[str, str]]:
    """The label sets that a condition is asked of: those of its series, joined where they name the same labels; what
    finds no partner stands alone. Raises TooMany."""
    found: dict[Key, list[dict[str, str]]] = {}  # by the names of their labels
    for each in series:
        family = readings.family(each.signal)
        rows = [dict(one.labels) for one in family.readings.values() if each.takes(one.labels)]
        found = _joined(found, tuple(sorted(each.signal.labels)), rows) if found else _begun(each, rows)
    return [labels for group in found.values() for labels in group]


def _begun(series: Series, rows: list[dict[str, str]]) -> dict[Key, list[dict[str, str]]]:
    return {tuple(sorted(series.signal.labels)): rows} if rows else {}


def _joined(
    found: Mapping[Key, list[dict[str, str]]], names: Key, rows: list[dict[str, str]]
) -> dict[Key, list[dict[str, str]]]:
    joined: dict[Key, list[dict[str, str]]] = {}
    taken: set[int] = set()
    count = 0
    for known, group in found.items():
        common = [name for name in names if name in known]
        by_common: dict[Key, list[int]] = {}
        for place, row in enumerate(rows):
            by_common.setdefault(tuple(row[name] for name in common), []).append(place)
        for labels in group:
            partners = by_common.get(tuple(labels[name] for name in common), [])
            taken.update(partners)
            count += max(1, len(partners))
            if count > MOST_SUBJECTS:
                raise TooMany(f"asks of more than {MOST_SUBJECTS:,} sets of labels")
            for merged in _merged(labels, [rows[place] for place in partners]):
                joined.setdefault(tuple(sorted(merged)), []).append(merged)
    alone = [row for place, row in enumerate(rows) if place not in taken]
    if alone:
        joined.setdefault(names, []).extend(alone)
    return joined


def _merged(labels: dict[str, str], partners: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    if not partners:
        yield labels
    for partner in partners:
        yield labels | partner
