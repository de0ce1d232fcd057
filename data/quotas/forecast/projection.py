"""What becomes of a provider's quota: how much is used at the reset, when it is dry, how much a day it can bear.

Days are stretches of 24 hours that end now, so that what happened an hour ago counts at once. All of it is pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from data.quotas.forecast.distribution import Z_80, Distribution
from data.quotas.forecast.reserve import Reserve, weekly

FARTHEST_D = 366
DAY = timedelta(days=1)
LIKELY, POSSIBLE, CERTAIN = 0.5, 0.1, 0.9

Window = Literal["monthly", "daily", "trial", "none"]


@dataclass(frozen=True, slots=True)
class Quota:
    """One account as it stands: credits used in this window, and when it is filled again (None: never). `urgent`, 0 to
    1, is the share of credits asked for with priority high or above: only they may spend the last fifth."""

    window: Window
    limit: float | None
    used: float
    reset: datetime | None
    state: str = "active"
    urgent: float = 1.0

    @property
    def left(self) -> float | None:
        return None if self.limit is None else max(0.0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class Point:
    """Credits used in this window by `at`: expected, and the edges of the 80 % interval."""

    at: datetime
    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """`ends` is the reset, or the end of the month where nothing is ever reset. `expected` is what is asked for by
    then, `spent` what the limit and the router's reserve let through, both with the edges of the 80 % interval.

    Three dates say when it is dry at this rate: expected, and the edges of the 80 % interval. With the reserve,
    ordinary queries end earlier and urgent ones later. None: not within a year, or not before the reset."""

    ends: datetime
    expected: float
    low: float
    high: float
    spent: float
    spent_low: float
    spent_high: float
    risk: float | None  # 0 to 1, that the limit is reached before `ends`
    dry: datetime | None
    dry_early: datetime | None
    dry_late: datetime | None
    ordinary_dry: datetime | None
    urgent_dry: datetime | None
    ration: float | None  # credits a day that last until the reset
    burn_day: float
    burn_week: float  # a day, over the last seven
    path: tuple[Point, ...]


def project(quota: Quota, daily: tuple[float, ...], model: Distribution, now: datetime) -> Forecast:
    """What the model comes to; `daily` are the credits a day, the oldest first, the last day ending now."""
    ends = quota.reset or month_end(now)
    days = max(0.0, (ends - now) / DAY)
    total = _total(model, days)
    edges = [model.quantile(total, days, z) for z in (-Z_80, Z_80)]
    low, high = min(edges[0], total), max(edges[1], total)
    left, reserve = quota.left, Reserve(quota.limit, quota.used, quota.urgent)
    dates = (None, None, None) if left is None else _dry(model, left, quota.reset, now)
    return Forecast(
        ends=ends,
        expected=quota.used + total,
        low=quota.used + low,
        high=quota.used + high,
        spent=quota.used + reserve.spent(total),
        spent_low=quota.used + reserve.edge(total, low, -Z_80),
        spent_high=quota.used + reserve.edge(total, high, Z_80),
        risk=None if left is None else model.chance_over(left, total, days),
        dry=dates[0],
        dry_early=dates[1],
        dry_late=dates[2],
        ordinary_dry=_when(model, reserve.ordinary, quota.reset, now),
        urgent_dry=_when(model, reserve.asked_when_dry, quota.reset, now),
        ration=left / days if left is not None and quota.reset and days > 0 else None,
        burn_day=daily[-1] if daily else 0.0,
        burn_week=weekly(daily),
        path=tuple(_path(model, quota.used, now, days)),
    )


def month_end(now: datetime) -> datetime:
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def _total(model: Distribution, days: float) -> float:
    """Expected credits of so many days, the last one in part."""
    whole = math.ceil(days)
    means = model.means(whole)
    return sum(means) - (means[-1] * (whole - days) if means else 0.0)


def _path(model: Distribution, used: float, now: datetime, days: float) -> list[Point]:
    """A point a day from now to the end of the window."""
    points = [Point(now, used, used, used)]
    for ahead in [*range(1, math.ceil(days)), days] if days else []:
        total = _total(model, ahead)
        low, high = (model.quantile(total, ahead, z) for z in (-Z_80, Z_80))
        points.append(Point(now + ahead * DAY, used + total, used + min(low, total), used + max(high, total)))
    return points


def _dry(
    model: Distribution, left: float, reset: datetime | None, now: datetime
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When `left` is spent: expected, early, late."""
    expected, early, late = (_when(model, left, reset, now, z) for z in (0.0, Z_80, -Z_80))
    return expected, early, late


def _when(
    model: Distribution, left: float | None, reset: datetime | None, now: datetime, z: float = 0.0
) -> datetime | None:
    """When so much has been asked for. What the reset comes before does not happen."""
    if left is None:
        return None
    if left <= 0:
        return now
    until = FARTHEST_D if reset is None else min(FARTHEST_D, max(0, math.ceil((reset - now) / DAY)))
    days = _crossing(model, left, z, until)
    at = None if days is None else now + days * DAY
    return None if reset and at and at >= reset else at


def _crossing(model: Distribution, left: float, z: float, until: int) -> float | None:
    """After how many days the sum passes `left`: the expected one for z = 0, else that quantile of it."""
    total, before = 0.0, 0.0
    for ahead, mean in enumerate(model.means(until), 1):
        total += mean
        reached = total if z == 0 else model.quantile(total, ahead, z)
        if reached >= left:
            return ahead - 1 + (left - before) / (reached - before)
        before = max(before, reached)
    return None
