"""What forecasts of a month's end are worth in the simulator's seasons, beside the straight line through the month."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from bench.registry import Reach, Row, Scale, benchmark
from clients.simulator.spending import HABITS, month_of
from clients.simulator.world import build_world
from data.quotas.forecast import Quota, forecast
from data.quotas.forecast_backtest import score, trials

if TYPE_CHECKING:
    from sqlalchemy import Engine

SEEDS = (1, 2, 3)
END = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONTHS = tuple((2026, month) for month in range(4, 12))
ROUNDS = 20
WHAT = "six providers, three stories, eight months; every third day forecast to its month's end"


@benchmark.add("forecasts", where="database")
def forecasts(_: Engine, __: Scale) -> list[Row]:
    histories = [each for seed in SEEDS for each in told(seed)]
    found = score(one for first, daily in histories for one in trials(daily, first))
    if found.coverage is None or found.error is None or found.line_error is None:
        raise AssertionError("the story has spent nothing")
    ratio = found.error / found.line_error
    rows = [
        Row("forecast: 80 % interval holds, least", found.coverage * 100, "%", found.trials, Reach(at_least=75), WHAT),
        Row("forecast: 80 % interval holds, most", found.coverage * 100, "%", found.trials, Reach(below=85)),
        Row("forecast: mean error", found.error * 100, "%", found.trials),
        Row("straight line: mean error", found.line_error * 100, "%", found.trials),
        Row("forecast: error against the straight line's", ratio, "×", found.trials, Reach(below=1.0)),
    ]
    return [*rows, Row("forecast of one purse", _cost(histories[0][1]), "ms", ROUNDS)]


def told(seed: int) -> list[tuple[date, list[float]]]:
    """The first day and the credits a day of every provider in one story."""
    world = build_world(seed, END)
    found = []
    for habit in HABITS:
        spent: dict[date, float] = {}
        for ask in (ask for month in MONTHS for ask in month_of(world, habit, *month)):
            if not ask.cached and ask.outcome == "ok":
                spent[ask.at.date()] = spent.get(ask.at.date(), 0.0) + ask.credits
        first = min(spent, default=END.date())
        days = (END.date() - first).days
        found.append((first, [spent.get(first + timedelta(days=place), 0.0) for place in range(days)]))
    return found


def _cost(daily: list[float]) -> float:
    """Milliseconds."""
    quota = Quota("monthly", 1000, 400, END + timedelta(days=9))
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        forecast(quota, tuple(daily), END)
    return (time.perf_counter() - begun) / ROUNDS * 1000
