"""What the router's reserve does to a forecast: the last fifth of a quota is kept for who asks with priority high.

What is asked for and what is spent differ once only the reserve is left. A forecast is one of what is asked for; here
it becomes one of what is spent. And days on which ordinary queries were turned away say little about what is asked
for: they count as the same weekday did a week before. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from data.quotas.routing.rules import KEPT_BACK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from data.quotas.forecast.history import History

KEPT = float(KEPT_BACK)
NEARLY = 0.01  # of a quota: an ordinary query that costs more than what is left above the reserve is turned away too
WEEK = 7


@dataclass(frozen=True, slots=True)
class Reserve:
    """An account with `used` credits spent of `limit` (None: no limit known); `urgent`, 0 to 1, is the share of credits
    that are asked for with priority high or above."""

    limit: float | None
    used: float
    urgent: float = 1.0

    @property
    def ordinary(self) -> float | None:
        """Credits that ordinary queries may still spend."""
        return None if self.limit is None else max(0.0, self.limit * (1 - KEPT) - self.used)

    @property
    def asked_when_dry(self) -> float | None:
        """How much is asked for, all in all, until urgent queries have spent the reserve too; None: never."""
        if self.limit is None or self.ordinary is None:
            return None
        left = max(0.0, self.limit - self.used)
        if not left:
            return 0.0
        return self.ordinary + (left - self.ordinary) / self.urgent if self.urgent else None

    def spent(self, asked: float) -> float:
        """What is spent when so much is asked for."""
        if self.limit is None or self.ordinary is None:
            return asked
        over = max(0.0, asked - self.ordinary)
        return min(asked - over + self.urgent * over, max(0.0, self.limit - self.used))

    def edge(self, asked: float, edge: float, z: float) -> float:
        """The edge of the interval around what is spent, from the one around what is asked for. How many of the
        queries over the reserve are urgent is chance too: each of them is with the probability `urgent`."""
        middle, moved = self.spent(asked), self.spent(edge)
        if self.limit is None or self.ordinary is None:
            return moved
        luck = z**2 * self.urgent * (1 - self.urgent) * max(0.0, asked - self.ordinary)
        off = math.sqrt((moved - middle) ** 2 + luck)
        return min(max(0.0, middle + math.copysign(off, z)), max(0.0, self.limit - self.used))


def asked_for(past: History, limit: float | None) -> tuple[float, ...]:
    """What was asked for on each day: what was spent, but where ordinary queries were turned away for a part of it."""
    if not limit:
        return past.daily
    full = limit * (1 - KEPT - NEARLY)
    found: list[float] = []
    for place, (spent, before) in enumerate(zip(past.daily, past.used, strict=True)):
        held = before + spent >= full and place >= WEEK
        found.append(max(spent, found[place - WEEK]) if held else spent)
    return tuple(found)


def weekly(values: Sequence[float]) -> float:
    """The mean of the last seven."""
    return sum(values[-WEEK:]) / min(WEEK, len(values)) if values else 0.0
