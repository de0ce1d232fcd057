"""What is due when, in one thread: the earliest first, each piece of work says after which time it wants to go on."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta

Work = Callable[[datetime], timedelta | None]


class Scheduler:
    def __init__(self) -> None:
        self._due: list[tuple[datetime, int, Work]] = []
        self._order = itertools.count()

    def add(self, at: datetime, work: Work) -> None:
        heapq.heappush(self._due, (at, next(self._order), work))

    def next_due(self) -> datetime | None:
        return self._due[0][0] if self._due else None

    def run_one(self, now: datetime) -> bool:
        """Does the earliest piece of work if it is due. Work that answers None is not asked again."""
        if not self._due or self._due[0][0] > now:
            return False
        _, _, work = heapq.heappop(self._due)
        again = work(now)
        if again is not None:
            self.add(now + again, work)
        return True
