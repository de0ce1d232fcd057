"""Forecasts that could have been made, held against what happened; beside them the straight line through the month.

A trial knows nothing of the days after it: neither the model, nor the width of its interval, nor which model is
better. What is forecast and what came are credits spent: the router's reserve is known to both models.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from data.quotas.forecast.distribution import NOTHING, Z_80, gamma_quantile, width
from data.quotas.forecast.reserve import Reserve, asked_for
from data.quotas.forecast.simple_model import fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from data.quotas.forecast.history import History

    Fits = Mapping[int, tuple[float, float]]  # by origin: mean and standard deviation of what is asked for

LEARNT_D = 14  # whole days before the first forecast that counts
LIBRARY_D = 42  # six weeks: below them the library is not asked
FEWEST = 6  # trials of both models before one can be said to be the better

Kind = Literal["simple", "library"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One forecast of a period's end, made on one day of the history: credits from then on, as forecast and as they
    came."""

    origin: int
    until: int
    forecast: float
    low: float
    high: float
    line: float
    actual: float
    whole: float  # the whole period's credits

    @property
    def error(self) -> float:
        return abs(self.forecast - self.actual) / self.whole

    @property
    def holds(self) -> bool:
        return round(self.low) <= self.actual <= round(self.high)


@dataclass(frozen=True, slots=True)
class Score:
    """`coverage` is the share of trials inside the 80 % interval; errors are relative to what was spent by the
    period's end. None: nothing to judge by yet."""

    trials: int
    coverage: float | None
    error: float | None
    line_error: float | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whose history it is: as `Reserve` takes it."""

    limit: float | None = None
    urgent: float = 1.0


def trials(history: History, allowance: Allowance) -> list[Trial]:
    """The simple model's."""
    asked = asked_for(history, allowance.limit)
    made = []
    for origin, ahead in history.origins(LEARNT_D):
        model = fit(asked[:origin], history.weekday[origin])
        total = sum(model.means(ahead))
        made.append(_trial(history, allowance, (origin, ahead), total, model.deviation(total, ahead)))
    return [one for one in made if one.whole > 0]


def origins_to_fit(history: History) -> tuple[tuple[int, int], ...]:
    """Which of the trials the library makes too."""
    return tuple(each for each in history.origins(LEARNT_D) if each[0] >= LIBRARY_D)


def fitted_trials(history: History, allowance: Allowance, fits: Fits) -> tuple[list[Trial], float]:
    """The library's, and the width that its intervals should have from now on. Where it could not be fitted there is
    no trial."""
    asked = asked_for(history, allowance.limit)
    misses: list[tuple[int, float]] = []
    made = []
    for origin, ahead in origins_to_fit(history):
        if origin not in fits:
            continue
        mean, deviation = fits[origin]
        known = [miss for until, miss in misses if until <= origin]
        made.append(_trial(history, allowance, (origin, ahead), mean, deviation * width(known, _apart(known))))
        if deviation > NOTHING:
            misses.append((origin + ahead, abs(sum(asked[origin : origin + ahead]) - mean) / deviation))
    last = [miss for _, miss in misses]
    return [one for one in made if one.whole > 0], width(last, _apart(last))


def _apart(misses: Sequence[float]) -> float:
    """Forecasts to the same month's end repeat each other in part."""
    return len(misses) / 2


def _trial(history: History, allowance: Allowance, days: tuple[int, int], asked: float, deviation: float) -> Trial:
    origin, ahead = days
    reserve = Reserve(allowance.limit, history.used[origin], allowance.urgent)
    forecast = reserve.spent(asked)
    low, high = (reserve.edge(asked, gamma_quantile(asked, deviation, z), z) for z in (-Z_80, Z_80))
    before = history.daily[history.begun(origin) : origin]
    actual = sum(history.daily[origin : origin + ahead])
    line = sum(before) / len(before) * ahead
    return Trial(
        origin, origin + ahead, forecast, min(low, forecast), max(high, forecast), line, actual, sum(before) + actual
    )


def score(trials_made: Iterable[Trial]) -> Score:
    kept = list(trials_made)
    if not kept:
        return Score(0, None, None, None)
    n = len(kept)
    return Score(
        trials=n,
        coverage=sum(one.holds for one in kept) / n,
        error=sum(one.error for one in kept) / n,
        line_error=sum(abs(one.line - one.actual) / one.whole for one in kept) / n,
    )


def better_model(simple: Sequence[Trial], library: Sequence[Trial], *, by: int | None = None) -> Kind:
    """The library, where its error in the trials that both made was not worse; `by`: as was known on that day."""
    ours = {one.origin: one for one in simple if by is None or one.until <= by}
    theirs = [one for one in library if one.origin in ours]
    if len(theirs) < FEWEST:
        return "simple"
    better = sum(one.error for one in theirs) <= sum(ours[one.origin].error for one in theirs)
    return "library" if better else "simple"


def as_used(simple: Sequence[Trial], library: Sequence[Trial]) -> Iterator[Trial]:
    """The trials of whichever model would have been in use on their day."""
    theirs = {one.origin: one for one in library}
    for one in simple:
        use = one.origin in theirs and better_model(simple, library, by=one.origin) == "library"
        yield theirs[one.origin] if use else one
