"""What becomes of a provider's quota: how much is used at the reset, when it is dry, how much a day it can bear.

Days are stretches of 24 hours that end now, so that what happened an hour ago counts at once. All of it is pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from data.quotas.forecast_model import Z_80, Model, learn

FARTHEST_D = 366
DAY = timedelta(days=1)
LIKELY, POSSIBLE, CERTAIN = 0.5, 0.1, 0.9

Window = Literal["monthly", "daily", "trial", "none"]
Status = Literal["normal", "caution", "serious", "critical", "standby", "off"]


@dataclass(frozen=True, slots=True)
class Quota:
    """One purse as it stands: credits used in this window, and when it is filled again (None: never)."""

    window: Window
    limit: float | None
    used: float
    reset: datetime | None
    state: str = "active"

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
    """`ends` is the reset, or the end of the month where nothing is ever reset. Three dates say when it is dry:
    expected, and the edges of the 80 % interval; None: not within a year, or not before the reset."""

    ends: datetime
    expected: float
    low: float
    high: float
    risk: float | None  # 0 to 1, that the limit is reached before `ends`
    dry: datetime | None
    dry_early: datetime | None
    dry_late: datetime | None
    ration: float | None  # credits a day that last until the reset
    burn_day: float
    burn_week: float  # a day, over the last seven
    path: tuple[Point, ...]


def forecast(quota: Quota, daily: tuple[float, ...], now: datetime) -> Forecast:
    """The forecast from credits a day, the oldest first, the last day ending now."""
    model = learn(daily, now.weekday())
    ends = quota.reset or month_end(now)
    days = max(0.0, (ends - now) / DAY)
    total = _total(model, days)
    low, high = (model.quantile(total, days, z) for z in (-Z_80, Z_80))
    left = quota.left
    dates = (None, None, None) if left is None else _dry(model, left, quota.reset, now)
    return Forecast(
        ends=ends,
        expected=quota.used + total,
        low=quota.used + min(low, total),
        high=quota.used + max(high, total),
        risk=None if left is None else model.chance_over(left, total, days),
        dry=dates[0],
        dry_early=dates[1],
        dry_late=dates[2],
        ration=left / days if left is not None and quota.reset and days > 0 else None,
        burn_day=daily[-1] if daily else 0.0,
        burn_week=sum(daily[-7:]) / min(7, len(daily)) if daily else 0.0,
        path=tuple(_path(model, quota.used, now, days)),
    )


def month_end(now: datetime) -> datetime:
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


def _total(model: Model, days: float) -> float:
    """Expected credits of so many days, the last one in part."""
    whole = math.ceil(days)
    means = model.means(whole)
    return sum(means) - (means[-1] * (whole - days) if means else 0.0)


def _path(model: Model, used: float, now: datetime, days: float) -> list[Point]:
    """A point a day from now to the end of the window."""
    points = [Point(now, used, used, used)]
    for ahead in [*range(1, math.ceil(days)), days] if days else []:
        total = _total(model, ahead)
        low, high = (model.quantile(total, ahead, z) for z in (-Z_80, Z_80))
        points.append(Point(now + ahead * DAY, used + total, used + min(low, total), used + max(high, total)))
    return points


def _dry(
    model: Model, left: float, reset: datetime | None, now: datetime
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """When `left` is spent: expected, early, late. What the reset comes before does not happen."""
    if left <= 0:
        return now, now, now
    until = FARTHEST_D if reset is None else min(FARTHEST_D, max(0, math.ceil((reset - now) / DAY)))
    crossings = [_crossing(model, left, z, until) for z in (0.0, Z_80, -Z_80)]
    dates = [None if days is None else now + days * DAY for days in crossings]
    expected, early, late = (None if reset and at and at >= reset else at for at in dates)
    return expected, early, late


def _crossing(model: Model, left: float, z: float, until: int) -> float | None:
    """After how many days the sum passes `left`: the expected one for z = 0, else that quantile of it."""
    total, before = 0.0, 0.0
    for ahead, mean in enumerate(model.means(until), 1):
        total += mean
        reached = total if z == 0 else model.quantile(total, ahead, z)
        if reached >= left:
            return ahead - 1 + (left - before) / (reached - before)
        before = max(before, reached)
    return None
