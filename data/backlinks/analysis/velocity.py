"""How fast links come and go: the seven-day net, where it is heading, where it changed. Pure; days are rows.

Stated models, small enough to check by hand:
- Forecast: the net of the last seven days goes on along the straight line of its last 28 days, the slope damped by
  0.9 a day. Its 80 % interval is how far the same model was off in the past, by days ahead.
- Change points: counts are freed of their weekday and made even in spread (2·√(n + 3/8)); then the series is cut in two
  where that lowers the squared error most, and again, while a cut gains more than 5·σ²·ln n. σ is told by the
  differences of neighbours, so that a level that changed does not hide itself.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from data.backlinks.inputs import Question

    Values = np.ndarray[Any, np.dtype[np.float64]]

WEEK, WINDOW, AHEAD = 7, 28, 14
DAMPING, INTERVAL, LEAST_ORIGINS = 0.9, 0.8, 14
LEAST_DAYS, LEAST_SEGMENT, MOST_POINTS, GAIN = 21, 3, 4, 5.0
_DAY = timedelta(days=1)
LEAST_RATIO = 1.35  # a step that nobody would see is none


class Forecast(NamedTuple):
    """`mean`, `low`, `high`: the net a day, averaged over seven days, for each of the days ahead."""

    mean: Values
    low: Values
    high: Values


class ChangePoint(NamedTuple):
    """From `day` on there were `ratio` times as many `what` (new, lost) as in the stretch before."""

    day: date
    what: str
    before: float
    after: float

    @property
    def ratio(self) -> float:
        return self.after / max(self.before, 0.1)


class Velocity(NamedTuple):
    """`days` is every day of the range with its counts, `level` the seven-day net of each (NaN before the first link);
    `ahead` starts after the last whole day."""

    days: pd.DataFrame
    level: Values
    ahead: Forecast | None
    points: list[ChangePoint]


def velocity(daily: pd.DataFrame, question: Question) -> Velocity:
    """Of the range. Forecast and change points stand on all whole days before its end, not on the range alone."""
    done = question.end if question.until >= question.close else question.end - _DAY
    past = since_first(daily[daily["day"] <= done], done)
    open_ended = done < question.end
    points = [point for what in ("new", "lost") for point in change_points(past, what)]
    return Velocity(
        whole_days(daily[daily["day"] >= question.start], question.start, question.end),
        _level(daily, question),
        forecast((past["new"] - past["lost"]).to_numpy(dtype=float)) if open_ended else None,
        sorted(point for point in points if question.start < point.day <= question.end),
    )


def since_first(daily: pd.DataFrame, end: date) -> pd.DataFrame:
    """Every day from the first on which anything happened."""
    return whole_days(daily, min([*daily["day"], end]), end)


def _level(daily: pd.DataFrame, question: Question) -> Values:
    days = since_first(daily, question.end)
    level = weekly_mean((days["new"] - days["lost"]).to_numpy(dtype=float))[-question.days :]
    return np.concatenate([np.full(question.days - len(level), np.nan), level])


def whole_days(frame: pd.DataFrame, start: date, end: date) -> pd.DataFrame:
    """The frame with every day of the range, 0 where nothing happened."""
    import pandas as pd

    days = pd.date_range(start, end, freq="D")
    return frame.assign(day=pd.to_datetime(frame["day"])).set_index("day").reindex(days, fill_value=0)


def toxic_share(days: pd.DataFrame) -> pd.Series:
    """Of whole days: the share of bad links (0–1) among those found on each and the six days before it."""
    week = days[["toxic", "new"]].rolling(WEEK, min_periods=1).sum()
    return week["toxic"] / week["new"].where(week["new"] > 0)


def weekly_mean(net: Values) -> Values:
    """The mean of each day and the six before it; of fewer where there are not so many."""
    sums = np.cumsum(net)
    before = np.concatenate([np.zeros(WEEK), sums[:-WEEK]])[: len(net)]
    means: Values = (sums - before) / np.minimum(np.arange(1, len(net) + 1), WEEK)
    return means


def forecast(net: Values) -> Forecast | None:
    """Where the seven-day net is heading; None while the past is too short to say how wrong that may be."""
    level = weekly_mean(net)[WEEK - 1 :]
    if len(level) < WINDOW + AHEAD + LEAST_ORIGINS:
        return None
    windows = np.lib.stride_tricks.sliding_window_view(level, WINDOW)
    x = np.arange(WINDOW) - (WINDOW - 1) / 2
    slopes = windows @ x / (x @ x)
    steps = np.cumsum(DAMPING ** np.arange(1, AHEAD + 1))
    made = windows[:, -1:] + slopes[:, None] * steps
    origins = len(level) - WINDOW - AHEAD + 1
    happened = np.lib.stride_tricks.sliding_window_view(level[WINDOW:], AHEAD)[:origins]
    off = np.quantile(np.abs(happened - made[: len(happened)]), INTERVAL, axis=0)
    width = np.maximum.accumulate(off)
    return Forecast(made[-1], made[-1] - width, made[-1] + width)


def change_points(frame: pd.DataFrame, what: str) -> list[ChangePoint]:
    """The strongest steps of a column of whole days, in order of time."""
    counts = frame[what].to_numpy(dtype=float)
    if len(counts) < LEAST_DAYS or not counts.any():
        return []
    even = counts / _weekdays(counts)
    cuts = _cuts(2 * np.sqrt(even + 0.375))
    edges = [0, *cuts, len(even)]
    means = [even[a:b].mean() for a, b in pairwise(edges)]
    found = [
        ChangePoint(frame.index[cut].date(), what, float(means[at]), float(means[at + 1]))
        for at, cut in enumerate(cuts)
    ]
    clear = [point for point in found if max(point.ratio, 1 / max(point.ratio, 0.01)) >= LEAST_RATIO]
    return sorted(sorted(clear, key=lambda point: -abs(np.log(max(point.ratio, 0.01))))[:MOST_POINTS])


def _weekdays(counts: Values) -> Values:
    """How busy each day's weekday is against the mean weekday; 1 while there are not four weeks of it."""
    if len(counts) < 4 * WEEK:
        return np.ones(len(counts))
    medians = np.array([np.median(counts[day::WEEK]) for day in range(WEEK)])
    factors = np.where(medians > 0, medians, 1.0) / max(medians.mean(), 1e-9) if medians.any() else np.ones(WEEK)
    return np.resize(np.clip(factors, 0.2, 5), len(counts))


def _cuts(series: Values) -> list[int]:
    """Where the level changes, by binary segmentation."""
    noise = max(np.median(np.abs(np.diff(series))) / 0.954, 0.7)  # of a Poisson count it is 1
    least_gain = GAIN * noise**2 * np.log(len(series))
    found: list[int] = []
    waiting = [(0, len(series))]
    while waiting:
        start, end = waiting.pop()
        cut, gain = _best_cut(series[start:end])
        if gain > least_gain:
            found.append(start + cut)
            waiting += [(start, start + cut), (start + cut, end)]
    return sorted(found)


def _best_cut(part: Values) -> tuple[int, float]:
    """The cut that lowers the squared error most, and by how much."""
    n = len(part)
    if n < 2 * LEAST_SEGMENT:
        return 0, 0.0
    sizes = np.arange(LEAST_SEGMENT, n - LEAST_SEGMENT + 1)
    left = np.cumsum(part)[sizes - 1]
    total = part.sum()
    gains = left**2 / sizes + (total - left) ** 2 / (n - sizes) - total**2 / n
    best = int(np.argmax(gains))
    return int(sizes[best]), float(gains[best])
