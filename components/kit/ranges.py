"""Time ranges as they stand in an address: `from=now-30d&to=now`, ISO dates, or milliseconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

DEFAULT_FROM = "now-30d"
DEFAULT_TO = "now"
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=3660)

_RELATIVE = re.compile(r"now(?:-(\d{1,4})([smhdwMQy]))?")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "M": 2_592_000, "Q": 7_776_000, "y": 31_536_000}
_MILLISECONDS = re.compile(r"\d{10,13}")


def moment(words: str, now: datetime) -> datetime | None:
    """The moment that `words` mean at `now`, or None when they mean none."""
    relative = _RELATIVE.fullmatch(words)
    try:
        if relative:
            count, unit = relative.groups()
            return now - timedelta(seconds=int(count) * _SECONDS[unit]) if count else now
        if _MILLISECONDS.fullmatch(words):
            return datetime.fromtimestamp(int(words) / 1000, UTC)
        given = datetime.fromisoformat(words)
    except (ValueError, OverflowError, OSError):
        return None
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def span(start: str | None, end: str | None, now: datetime) -> tuple[datetime, datetime]:
    """Start and end in order; words that mean nothing give the last 30 days, a range too long its newest ten years.

    Nothing is asked before 2000 or after `now`.
    """
    first = moment(start or DEFAULT_FROM, now) or now - timedelta(days=30)
    last = moment(end or DEFAULT_TO, now) or now
    first, last = (min(max(at, EARLIEST), now) for at in (min(first, last), max(first, last)))
    return max(first, last - LONGEST), last
