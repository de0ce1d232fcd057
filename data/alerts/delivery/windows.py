"""When a maintenance window is open: wall-clock times of a zone, once or by an RRULE, also when the clocks change.

A time that a spring night leaves out is that much later; one that an autumn night has twice is the first of them.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from dateutil.rrule import rrule, rrulestr

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

_PARTS = re.compile(r"[A-Z]+=[A-Z0-9,+:-]+(;[A-Z]+=[A-Z0-9,+:-]+)*")
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"}
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_MOST_INTERVAL, _MOST_COUNT = 500, 5000


def parse_rule(value: str) -> str:
    """The rule as it is stored. Raises ValueError for what is none, or would be looked for without an end."""
    text = value.strip().upper().removeprefix("RRULE:")
    if len(text) > 500 or not _PARTS.fullmatch(text):
        raise ValueError("must be an RRULE such as FREQ=WEEKLY;BYDAY=SU")
    parts = dict(part.split("=", 1) for part in text.split(";"))
    if unknown := parts.keys() - _KNOWN:
        raise ValueError(f"{min(unknown)} is not taken; known are {', '.join(sorted(_KNOWN))}")
    if parts.get("FREQ") not in _FREQUENCIES:
        raise ValueError(f"FREQ must be one of {', '.join(sorted(_FREQUENCIES))}")
    if _number(parts.get("INTERVAL", "1")) > _MOST_INTERVAL or _number(parts.get("COUNT", "1")) > _MOST_COUNT:
        raise ValueError(f"INTERVAL is at most {_MOST_INTERVAL}, COUNT at most {_MOST_COUNT}")
    if not _happens(parts):
        raise ValueError("never happens: no such month has such a day")
    if "Z" in parts.get("UNTIL", ""):
        text = text.replace(parts["UNTIL"], parts["UNTIL"].rstrip("Z"))
    try:
        rrulestr(text, dtstart=datetime(2026, 1, 1))  # noqa: DTZ001 — the wall's own time
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"must be an RRULE: {error}"[:200]) from None
    return text


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit()) or len(value) > 6 or int(value) < 1:
        raise ValueError("INTERVAL and COUNT must be numbers over 0")
    return int(value)


def _happens(parts: dict[str, str]) -> bool:
    """Whether some month of those named has some day of those named, leap years counted."""
    try:
        months = [int(each) for each in parts.get("BYMONTH", "1").split(",")]
        days = [abs(int(each)) for each in parts.get("BYMONTHDAY", "1").split(",")]
    except ValueError:
        return False
    longest = {month: calendar.monthrange(2028, month)[1] for month in range(1, 13)}
    return any(0 < day <= longest.get(month, 0) for month in months for day in days)


@dataclass(frozen=True, slots=True)
class Window:
    """`starts` is the wall's time of the first one, without a zone; `rule` None means once."""

    starts: datetime
    minutes: int
    rule: str | None
    zone: ZoneInfo

    def spans(self, after: datetime) -> Iterator[tuple[datetime, datetime]]:
        """(start, end) in UTC of those that end after this moment, the next one first."""
        length = timedelta(minutes=self.minutes)
        wall = after.astimezone(self.zone).replace(tzinfo=None)
        for start in self._starts(wall - length - timedelta(hours=3)):
            span = self._utc(start), self._utc(start + length)
            if span[1] > after:
                yield span

    def _starts(self, since: datetime) -> Iterator[datetime]:
        if self.rule is None:
            yield self.starts
            return
        recurrence = rrulestr(self.rule, dtstart=self.starts)
        if isinstance(recurrence, rrule):
            yield from recurrence.xafter(since, inc=True)

    def _utc(self, wall: datetime) -> datetime:
        return wall.replace(tzinfo=self.zone).astimezone(UTC)

    def open_until(self, now: datetime) -> datetime | None:
        """When the window that is open now closes; None where none is."""
        until = None
        for start, end in islice(self.spans(now), 50):
            if start > (until or now):
                break
            until = max(end, until or end)
        return until

    def coming(self, now: datetime, most: int) -> list[tuple[datetime, datetime]]:
        return list(islice(self.spans(now), most))
