"""An account's past: credits a day, and how much of its window had been used before each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

SHORTEST_D = 3  # days ahead that are worth a trial
EVERY_D = 3


@dataclass(frozen=True, slots=True)
class History:
    """Whole days, the oldest first, each as long as the other lists. `used`: credits of the account's window before the
    day; `period`: which window the day lies in, or which month where nothing is ever reset; `weekday`: Monday is 0."""

    daily: tuple[float, ...]
    used: tuple[float, ...]
    period: tuple[tuple[int, int], ...]
    weekday: tuple[int, ...]

    def origins(self, learnt_d: int) -> Iterator[tuple[int, int]]:
        """Every third day of the past from `learnt_d` on, with the days from then to its period's end, or to the end
        of what is known."""
        n = len(self.daily)
        for origin in range(learnt_d, n - SHORTEST_D + 1, EVERY_D):
            ahead = next(
                (day - origin for day in range(origin, n) if self.period[day] != self.period[origin]), n - origin
            )
            if ahead >= SHORTEST_D and self.begun(origin) < origin:
                yield origin, ahead

    def begun(self, origin: int) -> int:
        """The first known day of the period that `origin` lies in."""
        return next(day for day in range(origin + 1) if self.period[day] == self.period[origin])


def build_history(
    daily: Sequence[float], now: datetime, begins: Callable[[datetime], datetime], *, resets: bool
) -> History:
    """Days of 24 hours, the last one ending `now`; `begins` tells when the window of a moment began."""
    n = len(daily)
    days = [now - timedelta(days=n - place) for place in range(n)]
    starts = [begins(day) for day in days]
    used, sums = 0.0, []
    for place, spent in enumerate(daily):
        used = 0.0 if place and starts[place] != starts[place - 1] else used
        sums.append(used)
        used += spent
    periods = [
        (start.toordinal(), 0) if resets else (day.year, day.month) for start, day in zip(starts, days, strict=True)
    ]
    return History(tuple(daily), tuple(sums), tuple(periods), tuple(day.weekday() for day in days))
