"""How a provider's credits are likely to be spent: weekday × trend, counts that scatter more than Poisson's.

This is the stated simple model. A day's credits have the mean `level × trend × weekday` and the variance
`scatter × mean`. The level itself is uncertain and drifts, so the sum M over h days has the variance
`(scatter × M + M² × (unsure + DRIFT × h)) × width²`. `width` is learnt from the model's own past on the same history:
how wide the interval had to be to hold what really happened. Pure, and without numpy: a worker that never needs it
stays 20 MB smaller, and for series of a few dozen days it would be no faster.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import accumulate
from statistics import fmean
from typing import TYPE_CHECKING

from data.quotas.forecast.distribution import WEEK, Distribution, width

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT_DAYS = 84
HALF_LIFE_D = 21.0  # a day three weeks ago weighs half of yesterday
WEEKDAY_PRIOR = 2.0  # weeks' worth of belief that all weekdays are alike
TREND_DAMPING = 0.92  # a day: no trend goes on for ever
TREND_DOUBT = 60.0  # a slope must be so many times its squared error to be half believed
DRIFT = 0.0006  # relative variance that the level gains a day
SCATTER_PRIOR = 3.0  # days' worth of belief that credits scatter as Poisson's
LEARN_FROM, EVERY_D, AHEAD_D = 21, 3, (3, 7, 14)  # when and how often the model judges its own past


@dataclass(frozen=True, slots=True)
class SimpleModel(Distribution):
    """What was learnt of one provider. `weekday` has seven factors from Monday on; `next` is the coming day's."""

    level: float
    trend: float  # of the level, relative, a day
    weekday: tuple[float, ...]
    next: int
    scatter: float  # variance ÷ mean of a day's credits
    unsure: float  # relative variance of the level
    width: float = 1.0

    def means(self, days: int) -> list[float]:
        """Expected credits of each of the coming `days`."""
        grown = (1 + self.trend * (1 - TREND_DAMPING**h) / (1 - TREND_DAMPING) for h in range(1, days + 1))
        return [self.level * max(0.0, growth) * self.weekday[(self.next + h) % WEEK] for h, growth in enumerate(grown)]

    def deviation(self, total: float, days: float) -> float:
        """Standard deviation of the sum `total` of that many coming days."""
        return self.width * math.sqrt(self.scatter * total + total**2 * (self.unsure + DRIFT * days))


def fit(daily: Sequence[float], next_weekday: int) -> SimpleModel:
    """The model of whole days of credits, the oldest first; `next_weekday` (Monday is 0) is the day after the last."""
    kept = list(daily[-KEPT_DAYS:])
    return replace(_fit(kept, next_weekday), width=_width(kept, next_weekday))


def _fit(daily: list[float], next_weekday: int) -> SimpleModel:
    n = len(daily)
    weekdays = [(next_weekday - n + place) % WEEK for place in range(n)]
    if not any(daily):
        return SimpleModel(0.0, 0.0, (1.0,) * WEEK, next_weekday, 1.0, 1.0)
    factors, usual = _weekday_factors(daily, weekdays), _smooth(daily)
    weights = [0.5 ** (age / HALF_LIFE_D) for age in range(n, 0, -1)]
    level = _dot(weights, daily) / _dot(weights, [factors[day] for day in weekdays])
    scatter = _scatter(daily, [mean * factors[day] for mean, day in zip(usual, weekdays, strict=True)])
    effective = sum(weights) ** 2 / _dot(weights, weights)
    trend = _trend(usual, level, scatter)
    # The weighted mean is that of some days ago: it is carried to the present along the trend.
    behind = _dot(weights, range(n, 0, -1)) / sum(weights)
    level *= max(0.2, 1 + trend * min(behind, WEEK))
    return SimpleModel(level, trend, factors, next_weekday, scatter, scatter / max(level, 1e-9) / effective)


def _dot(left: Sequence[float], right: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def _weekday_factors(daily: list[float], weekdays: list[int]) -> tuple[float, ...]:
    """How each weekday compares with the mean of the weeks around it; shrunk to 1 while little is known."""
    usual = _smooth(daily)
    spent, due = [0.0] * WEEK, [0.0] * WEEK
    for used, mean, day in zip(daily, usual, weekdays, strict=True):
        spent[day] += used
        due[day] += mean
    prior = WEEKDAY_PRIOR * fmean(usual)
    factors = [
        (have + prior) / (expected + prior) if expected + prior > 0 else 1.0
        for have, expected in zip(spent, due, strict=True)
    ]
    mean = fmean(factors)
    return tuple(max(0.05, factor / mean) for factor in factors)


def _smooth(values: list[float]) -> list[float]:
    """The mean of the seven days around each: every weekday once, so that the week's rhythm falls out."""
    sums = [0.0, *accumulate(values)]
    half, n = WEEK // 2, len(values)
    starts = [max(0, min(place - half, n - WEEK)) for place in range(n)]
    return [(sums[min(n, start + WEEK)] - sums[start]) / (min(n, start + WEEK) - start) for start in starts]


def _scatter(daily: list[float], expected: list[float]) -> float:
    """Pearson's: the mean of (credits − expected)² ÷ expected, of the degrees of freedom that the means left over."""
    terms = [(spent - mean) ** 2 / mean for spent, mean in zip(daily, expected, strict=True) if mean > 0]
    free = len(terms) - len(terms) / WEEK
    return (sum(terms) + SCATTER_PRIOR) / (free + SCATTER_PRIOR)


def _trend(usual: list[float], level: float, scatter: float) -> float:
    """Relative slope of the last four weeks, shrunk by how unsure it is."""
    recent = usual[-4 * WEEK :]
    n = len(recent)
    if n < 2 * WEEK or level <= 0:
        return 0.0
    middle = (n - 1) / 2
    spread = sum((place - middle) ** 2 for place in range(n))
    slope = sum((place - middle) * value for place, value in enumerate(recent)) / spread
    error = scatter * level / spread
    believed = slope**2 / (slope**2 + error * TREND_DOUBT) if slope else 0.0
    return slope * believed / level


def _width(daily: list[float], next_weekday: int) -> float:
    """How wide the model's intervals had to be in its own past."""
    n = len(daily)
    misses = []
    for origin in range(LEARN_FROM, n - min(AHEAD_D) + 1, EVERY_D):
        model = _fit(daily[:origin], (next_weekday - n + origin) % WEEK)
        misses += [_miss(model, sum(daily[origin : origin + ahead]), ahead) for ahead in AHEAD_D if origin + ahead <= n]
    return width(misses, len(misses) / len(AHEAD_D))


def _miss(model: SimpleModel, happened: float, ahead: int) -> float:
    """By how many standard deviations of its own a past forecast missed."""
    total = sum(model.means(ahead))
    deviation = model.deviation(total, ahead)
    return abs(happened - total) / deviation if deviation > 0 else 0.0
