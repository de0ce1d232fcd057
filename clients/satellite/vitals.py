"""How this satellite is doing, measured between two looks."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

import psutil

if TYPE_CHECKING:
    from clients.satellite.run import Tally


class Counts(NamedTuple):
    crawled: int
    errors: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Reading:
    """Of the time since the look before; `fetches` is how many addresses were tried in it."""

    fetches: int
    pages_per_minute: float
    success_rate: float
    response_time_ms: float
    cpu_percent: float
    memory_mb: float


class Vitals:
    def __init__(self, tally: Tally | None) -> None:
        self._tally = tally
        self._process = psutil.Process()
        self._process.cpu_percent()
        self._at, self._before = monotonic(), self._counts()

    @property
    def age(self) -> float:
        """Seconds since the last look."""
        return monotonic() - self._at

    def read(self) -> Reading:
        age, now, before = max(self.age, 0.001), self._counts(), self._before
        self._at, self._before = monotonic(), now
        pages, errors = now.crawled - before.crawled, now.errors - before.errors
        return Reading(
            fetches=pages + errors,
            pages_per_minute=round(pages * 60 / age, 2),
            success_rate=round(pages / max(pages + errors, 1), 4),
            response_time_ms=round((now.seconds - before.seconds) * 1000 / max(pages, 1), 2),
            cpu_percent=self._process.cpu_percent(),
            memory_mb=round(self._process.memory_info().rss / 2**20, 1),
        )

    def _counts(self) -> Counts:
        tally = self._tally
        return Counts(tally.crawled, tally.errors, tally.seconds) if tally else Counts(0, 0, 0.0)
