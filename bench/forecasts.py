"""What forecasts of a month's end are worth in the simulator's seasons, beside the straight line through the month.

The simple model's parameters were chosen on the stories of seeds 11 to 18; here it is other stories."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from bench.registry import Reach, Row, Scale, benchmark
from clients.simulator.seasonality import midnight
from clients.simulator.spending import HABITS, month_of
from clients.simulator.world import build_world
from data.quotas.catalogue.windows import BEGINNING
from data.quotas.forecast.backtest import Allowance, Trial, as_used, fitted_trials, origins_to_fit, score, trials
from data.quotas.forecast.ets_model import Task, fit_all
from data.quotas.forecast.history import History, build_history
from data.quotas.forecast.projection import Quota, project
from data.quotas.forecast.reserve import asked_for
from data.quotas.forecast.simple_model import fit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine

    from clients.simulator.spending import Habit
    from clients.simulator.world import World
    from data.quotas.forecast.backtest import Score

SEEDS = (31, 32, 33)
END = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONTHS = tuple((2026, month) for month in range(4, 12))
ROUNDS = 20
URGENT = ("high", "critical")
STRAIGHT = "the seeds' straight line, which knows of no limit"
WHAT = "six providers, seeds 31–33 (parameters chosen on 11–18), eight months; every third day to its month's end"


@dataclass(frozen=True)
class Judged:
    """The trials of one account: of both models, and of whichever would have been in use."""

    simple: list[Trial]
    fitted: list[Trial]
    used: list[Trial]

    @property
    def both(self) -> list[Trial]:
        """The simple model's, of those days on which the library was asked too."""
        days = {one.origin for one in self.fitted}
        return [one for one in self.simple if one.origin in days]


@benchmark.add("forecasts", where="database")
def forecasts(_: Engine, __: Scale) -> list[Row]:
    told = [story(build_world(seed, END), habit) for seed in SEEDS for habit in HABITS]
    found, seconds = judged(told)
    used = _score(each.used for each in found)
    simple, library = _score(each.both for each in found), _score(each.fitted for each in found)
    stopped = _stopped(told, found)
    n = used.trials
    return [
        Row("forecast: 80 % interval holds, least", _percent(used.coverage), "%", n, Reach(at_least=75), WHAT),
        Row("forecast: 80 % interval holds, most", _percent(used.coverage), "%", n, Reach(below=85)),
        Row("forecast: mean error", _percent(used.error), "%", n, None, "of what the month came to"),
        Row("straight line: mean error", _percent(used.line_error), "%", n, None, STRAIGHT),
        Row("straight line stopped at the limit: mean error", _percent(stopped), "%", n),
        Row("forecast: error against the straight line's", _ratio(used), "×", n, Reach(below=1.0)),
        Row("simple model, where the library was asked too: held", _percent(simple.coverage), "%", simple.trials),
        Row("simple model, where the library was asked too: error", _percent(simple.error), "%", simple.trials),
        Row("library (statsmodels ETS): held", _percent(library.coverage), "%", library.trials),
        Row("library (statsmodels ETS): error", _percent(library.error), "%", library.trials),
        Row(
            "library: a fit",
            seconds / max(1, library.trials) * 1000,
            "ms",
            library.trials,
            None,
            "a process of its own",
        ),
        Row("forecast of one account", _cost(told[0][0]), "ms", ROUNDS, None, "simple model"),
    ]


def judged(told: list[tuple[History, Allowance]]) -> tuple[list[Judged], float]:
    """Every account's trials, and the seconds that the library took for all."""
    begun = time.perf_counter()
    fits = fit_all([Task(asked_for(known, account.limit), origins_to_fit(known)) for known, account in told])
    seconds, found = time.perf_counter() - begun, []
    for (known, account), fitted in zip(told, fits, strict=True):
        simple, (library, _) = trials(known, account), fitted_trials(known, account, fitted.trials)
        found.append(Judged(simple, library, list(as_used(simple, library))))
    return found, seconds


def story(world: World, habit: Habit) -> tuple[History, Allowance]:
    """What was spent at a provider, a day, and its account."""
    asks = [ask for month in MONTHS for ask in month_of(world, habit, *month) if not ask.cached and ask.outcome == "ok"]
    spent: dict[date, float] = {}
    for ask in asks:
        spent[ask.at.date()] = spent.get(ask.at.date(), 0.0) + ask.credits
    first, last = min(spent, default=END.date()), END.date()
    daily = [spent.get(first + timedelta(days=place), 0.0) for place in range((last - first).days)]
    urgent = sum(ask.credits for ask in asks if ask.priority in URGENT) / max(1, sum(ask.credits for ask in asks))
    known = build_history(daily, midnight(last), _trial if habit.trial else _month, resets=not habit.trial)
    return known, Allowance(habit.quota, urgent)


def _month(at: datetime) -> datetime:
    return midnight(at.date().replace(day=1))


def _trial(_: datetime) -> datetime:
    return BEGINNING


def _score(found: Iterable[list[Trial]]) -> Score:
    return score(chain.from_iterable(found))


def _stopped(told: list[tuple[History, Allowance]], found: list[Judged]) -> float:
    """The mean error of the straight line that at least knows the limit."""
    errors = [
        abs(min(one.line, max(0.0, (account.limit or 0) - known.used[one.origin])) - one.actual) / one.whole
        for (known, account), each in zip(told, found, strict=True)
        for one in each.used
    ]
    return sum(errors) / len(errors)


def _percent(value: float | None) -> float:
    if value is None:
        raise AssertionError("the story has spent nothing")
    return value * 100


def _ratio(found: Score) -> float:
    return _percent(found.error) / _percent(found.line_error)


def _cost(known: History) -> float:
    """Milliseconds."""
    quota = Quota("monthly", 1000, 400, END + timedelta(days=9))
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        project(quota, known.daily, fit(known.daily, END.weekday()), END)
    return (time.perf_counter() - begun) / ROUNDS * 1000
