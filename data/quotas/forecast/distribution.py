"""What a model says of the coming days, whichever model it is: a gamma curve around the sum of them. Pure."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from statistics import NormalDist

WEEK = 7
NOTHING = 1e-9  # credits: below it there is nothing to scatter
NORMAL = NormalDist()
Z_80 = NORMAL.inv_cdf(0.9)
WIDTH_PRIOR = 3.0  # past forecasts' worth of belief that the width is right as it is
NARROWEST, WIDEST = 0.4, 2.5


class Distribution(ABC):
    """Credits of coming days: their means, and how far their sum may be off."""

    __slots__ = ()

    @abstractmethod
    def means(self, days: int) -> list[float]:
        """Expected credits of each of the coming `days`."""

    @abstractmethod
    def deviation(self, total: float, days: float) -> float:
        """Standard deviation of the sum `total` of that many coming days."""

    def quantile(self, total: float, days: float, z: float) -> float:
        """What the sum stays below with the probability of the normal quantile `z`."""
        return gamma_quantile(total, self.deviation(total, days), z)

    def chance_over(self, room: float, total: float, days: float) -> float:
        """The probability, 0 to 1, that the sum comes to more than `room`."""
        return gamma_over(room, total, self.deviation(total, days))


@dataclass(frozen=True, slots=True)
class Curve(Distribution):
    """A distribution given day by day, as the library gives it: `daily` credits, and the `deviations` of their sums
    from the first day to each. Beyond its end it goes on as its last week did."""

    daily: tuple[float, ...]
    deviations: tuple[float, ...]
    width: float = 1.0

    def means(self, days: int) -> list[float]:
        known, week = len(self.daily), self.daily[-WEEK:]
        return [*self.daily[:days], *(week[place % len(week)] for place in range(days - known))]

    def deviation(self, total: float, days: float) -> float:
        if days <= 0:
            return 0.0
        known = min(max(math.ceil(days), 1), len(self.deviations))
        whole = sum(self.means(known))
        part = math.sqrt(days / known) if whole <= NOTHING else math.sqrt(max(0.0, total) / whole)
        return self.width * self.deviations[known - 1] * part


def width(misses: list[float], count: float) -> float:
    """How many times wider intervals had to be to hold 80 of 100 of what came true; near 1 while little is known.
    `misses` are in standard deviations, of `count` forecasts that do not repeat each other."""
    if not misses:
        return 1.0
    needed = sorted(misses)[min(len(misses) - 1, int(0.8 * len(misses)))] / Z_80
    return min(WIDEST, max(NARROWEST, (needed * count + WIDTH_PRIOR) / (count + WIDTH_PRIOR)))


def gamma_quantile(mean: float, deviation: float, z: float) -> float:
    """Wilson and Hilferty: the cube root of a gamma variable is nearly normal."""
    if mean <= NOTHING or deviation <= NOTHING:
        return max(0.0, mean)
    ninth = deviation**2 / (9 * mean**2)
    return float(mean * max(0.0, 1 - ninth + z * math.sqrt(ninth)) ** 3)


def gamma_over(room: float, mean: float, deviation: float) -> float:
    """The probability that a gamma variable of this mean and deviation is over `room`."""
    if mean <= NOTHING or deviation <= NOTHING:
        return float(mean > room)
    if room <= 0:
        return 1.0
    ninth = deviation**2 / (9 * mean**2)
    return 1 - NORMAL.cdf(((room / mean) ** (1 / 3) - (1 - ninth)) / math.sqrt(ninth))
