"""Forecasts that could have been made, held against what happened; beside them the straight line through the month."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from data.quotas.forecast_model import Z_80, learn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LEARNT_D = 14  # whole days before the first forecast that counts
SHORTEST_D = 3
EVERY_D = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """One forecast of a month's end, made on one day of the past: credits from then on, as told and as they came."""

    told: float
    low: float
    high: float
    line: float
    came: float
    whole: float  # the whole month's credits


@dataclass(frozen=True, slots=True)
class Score:
    """`coverage` is the share of trials inside the 80 % interval; errors are relative to what was spent by the
    month's end. None: nothing to judge by yet."""

    trials: int
    coverage: float | None
    error: float | None
    line_error: float | None


def trials(daily: Sequence[float], first: date) -> Iterator[Trial]:
    """Every third day of the past, forecast to its month's end or to the end of what is known."""
    for origin in range(LEARNT_D, len(daily) - SHORTEST_D + 1, EVERY_D):
        day = first + timedelta(days=origin)
        ahead = min(calendar.monthrange(day.year, day.month)[1] - day.day + 1, len(daily) - origin)
        spent = daily[max(0, origin - day.day + 1) : origin]
        if ahead >= SHORTEST_D and spent:
            yield _trial(daily, origin, day.weekday(), ahead, spent)


def _trial(daily: Sequence[float], origin: int, weekday: int, ahead: int, spent: Sequence[float]) -> Trial:
    model = learn(daily[:origin], weekday)
    told = sum(model.means(ahead))
    came = sum(daily[origin : origin + ahead])
    low, high = (model.quantile(told, ahead, z) for z in (-Z_80, Z_80))
    return Trial(told, low, high, sum(spent) / len(spent) * ahead, came, sum(spent) + came)


def score(found: Iterable[Trial]) -> Score:
    kept = [one for one in found if one.whole > 0]
    if not kept:
        return Score(0, None, None, None)
    n = len(kept)
    return Score(
        trials=n,
        coverage=sum(round(one.low) <= one.came <= round(one.high) for one in kept) / n,
        error=sum(abs(one.told - one.came) / one.whole for one in kept) / n,
        line_error=sum(abs(one.line - one.came) / one.whole for one in kept) / n,
    )
