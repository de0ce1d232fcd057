"""Time ranges as they stand in an address: `from=now-30d&to=now`, ISO dates, or milliseconds since 1970.

`now/d` is the day that now is in (a month, a week from Monday, an hour likewise, in UTC): as a start its first moment,
as an end its last. `now-1d/d` as both is yesterday.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

DEFAULT_FROM = "now-30d"
DEFAULT_TO = "now"
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=3660)

_RELATIVE = re.compile(r"now(?:-(\d{1,4})([smhdwMQy]))?(?:/([mhdwMQy]))?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "M": 2_592_000, "Q": 7_776_000, "y": 31_536_000}
_MILLISECONDS = re.compile(r"\d{10,13}")


def moment(words: str, now: datetime, *, end: bool = False) -> datetime | None:
    """The moment that `words` mean at `now`, or None when they mean none; `end` takes the last of a rounded unit."""
    relative = _RELATIVE.fullmatch(words)
    try:
        if relative:
            count, unit, rounded = relative.groups()
            at = now - timedelta(seconds=int(count) * _SECONDS[unit]) if count else now
            return _rounded(at, rounded, end=end) if rounded else at
        if _MILLISECONDS.fullmatch(words):
            return datetime.fromtimestamp(int(words) / 1000, UTC)
        given = datetime.fromisoformat(words)
    except (ValueError, OverflowError, OSError):
        return None
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def _rounded(at: datetime, unit: str, *, end: bool) -> datetime:
    first = _first(at, unit)
    if not end:
        return first
    longer = timedelta(seconds=_SECONDS[unit] * (1.5 if unit in "MQy" else 1))  # surely in the next one
    return _first(first + longer, unit) - timedelta(milliseconds=1)


def _first(at: datetime, unit: str) -> datetime:
    """The first moment of the minute, hour, day, week, month, quarter or year that `at` is in."""
    if unit in "mh":
        return at.replace(minute=at.minute if unit == "m" else 0, second=0, microsecond=0)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "d":
        return day
    if unit == "w":
        return day - timedelta(days=day.weekday())
    month = {"M": day.month, "Q": (day.month - 1) // 3 * 3 + 1, "y": 1}[unit]
    return day.replace(month=month, day=1)


def span(start: str | None, end: str | None, now: datetime) -> tuple[datetime, datetime]:
    """Start and end in order; words that mean nothing give the last 30 days, a range too long its newest ten years.

    Nothing is asked before 2000 or after `now`.
    """
    first = moment(start or DEFAULT_FROM, now) or now - timedelta(days=30)
    last = moment(end or DEFAULT_TO, now, end=True) or now
    first, last = (min(max(at, EARLIEST), now) for at in (min(first, last), max(first, last)))
    return max(first, last - LONGEST), last
