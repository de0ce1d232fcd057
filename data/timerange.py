"""A range of time as people and programs write it: one reading for pages, REST, exports and reports.

    from=2026-10-01&to=2026-10-31      days (UTC): each is meant whole, so this is all of October
    from=2026-10-01T06:00Z&to=…        moments: ISO 8601 (UTC where it names no zone), or milliseconds since 1970
    from=now-90d&to=now                relative: s m h d w M Q y; `now-1M` on 31 March is 28 February
    from=now-1M/M&to=now-1M/M          rounded: as a start the first moment of the unit, as an end its last: last month

Steps follow each other (`now-1d/d+6h`), from the left. A range holds `start` ≤ time < `end`; it never reaches beyond
now, before 2000, or over more than its newest ten years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from data.errors import BadInput

USUAL_FROM, USUAL_TO = "now-30d", "now"
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=3660)
LONGEST_WORDS = 60  # characters
EXPECTED = "a date (2026-10-31), a date and time, or e.g. now-90d"

_LAST = datetime.max.replace(tzinfo=UTC)
_RELATIVE = re.compile(r"now((?:[+-]\d{1,4}[smhdwMQy]|/[mhdwMQy]){0,6})")
_STEP = re.compile(r"([+-]\d+|/)([smhdwMQy])")
_MILLISECONDS = re.compile(r"\d{10,13}")
_UNITS = {
    "s": relativedelta(seconds=1),
    "m": relativedelta(minutes=1),
    "h": relativedelta(hours=1),
    "d": relativedelta(days=1),
    "w": relativedelta(weeks=1),
    "M": relativedelta(months=1),
    "Q": relativedelta(months=3),
    "y": relativedelta(years=1),
}


@dataclass(frozen=True, slots=True)
class TimeRange:
    """`start` ≤ time < `end`, both aware and in UTC; `cut` where more was asked for than the newest ten years."""

    start: datetime
    end: datetime
    cut: bool = False

    @property
    def first_day(self) -> date:
        return self.start.date()

    @property
    def last_day(self) -> date:
        """The last day (UTC) of which the range holds anything."""
        return max(self.start, self.end - timedelta(microseconds=1)).date()

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, both included."""
        return self.first_day, self.last_day

    def whole_days(self) -> TimeRange:
        """From the beginning of the first day; the last one ends with the range, which may be now."""
        return replace(self, start=midnight(self.first_day))


def parse(start: str | None, end: str | None, now: datetime, *, usual: str = USUAL_FROM) -> TimeRange:
    """The range that the words mean at `now`; without words it goes from `usual` to now.

    Raises BadInput that names `from` or `to`.
    """
    first, last = _parse("from", start or usual, now, end=False), _parse("to", end or USUAL_TO, now, end=True)
    backwards = first == last and _parse("to", end or USUAL_TO, now, end=False) < first  # the day before, for one
    if first > last or backwards:
        raise BadInput.field("from", msg=f"the start date ({first:%Y-%m-%d %H:%M}) is after the end date")
    now = now.astimezone(UTC)
    first, last = (min(max(at, EARLIEST), now) for at in (first, last))
    return TimeRange(max(first, last - LONGEST), last, cut=last - first > LONGEST)


def _parse(field: str, words: str, now: datetime, *, end: bool) -> datetime:
    found = moment(words, now, end=end)
    if found is None:
        raise BadInput.field(field, msg=f"must be {EXPECTED}")
    return found


def moment(words: str, now: datetime, *, end: bool = False) -> datetime | None:
    """The moment that `words` mean at `now`, None where they mean none.

    `end` takes the first moment after a day or a rounded unit: what lies before it is in the range.
    """
    if len(words) > LONGEST_WORDS or not words.isascii():
        return None
    try:
        if relative := _RELATIVE.fullmatch(words):
            return _stepped(now.astimezone(UTC), relative[1], end=end)
        if _MILLISECONDS.fullmatch(words):
            return datetime.fromtimestamp(int(words) / 1000, UTC)
        return _day(words, end=end) or _utc(datetime.fromisoformat(words))
    except (ValueError, OverflowError, OSError):
        return None


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


def _day(words: str, *, end: bool) -> datetime | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    if end and day == date.max:
        return _LAST
    return midnight(day + timedelta(days=1) if end else day)


def _utc(given: datetime) -> datetime:
    return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)


def _stepped(at: datetime, steps: str, *, end: bool) -> datetime:
    """A step back beyond the calendar leads to its beginning."""
    for step, unit in _STEP.findall(steps):
        if step == "/":
            at = floor(at, unit) + (_UNITS[unit] if end else relativedelta())
            continue
        try:
            at += _UNITS[unit] * int(step)
        except (ValueError, OverflowError):
            return EARLIEST if step.startswith("-") else _LAST
    return at


def floor(at: datetime, unit: str) -> datetime:
    """The first moment of the minute, hour, day, week (from Monday), month, quarter or year that `at` is in."""
    if unit in "mh":
        return at.replace(minute=at.minute if unit == "m" else 0, second=0, microsecond=0)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "d":
        return day
    if unit == "w":
        return day - timedelta(days=day.weekday())
    return day.replace(month={"M": day.month, "Q": (day.month - 1) // 3 * 3 + 1, "y": 1}[unit], day=1)
