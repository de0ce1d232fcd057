"""What asking prices teach the calculator: where a score lies in money, and how far off it usually is. Pure.

Money is counted in points here: 25 points more are ten times the money. The register are the stored domains that have
an asking price. A straight line leads from their scores to their prices; a factor that is not known of a domain counts
as the register's mean of it, so that what is not known pulls to the prices of others. The band is as wide as the line
was off at the register's own prices, each left out in its turn; for every factor that is not known it widens by what
hiding that factor costs there, and by its part of the way to the spread of all prices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

POINTS_A_POWER = 25.0
BASE = 10.0  # money at 0 points
LEAST, MOST = -25.0, 250.0  # one dollar, a hundred billion: further no column holds
MIDDLE = 50.0  # of a factor of which no domain of the register knows anything
PROMISE = 0.8  # of the asking prices lie in their band
NARROWEST = 5.0  # points to each side, 1.6 times the money: nobody knows better
ENOUGH_PRICES = 30
STEEPEST = 3.0


class Price(NamedTuple):
    """A domain of the register: the scores of its factors, None where nothing is known, and its price in points."""

    scores: Mapping[str, float | None]
    points: float


class Estimate(NamedTuple):
    """In points; `reach` to each side."""

    points: float
    reach: float


@dataclass(frozen=True, slots=True)
class PriceCurve:
    """`asked` prices are behind it; without them it is a guess, and says so. All but shares are points.

    `means` are those of each factor, `score` and `price` those of the line. `near` is the reach of the band where all
    is known, `far` where nothing is; `widens` is by how much its square grows where a factor is not known. `held` is
    the share of prices that lay in their band."""

    asked: int = 0
    means: Mapping[str, float] = field(default_factory=dict)
    score: float = MIDDLE
    price: float = MIDDLE
    slope: float = 1.0
    near: float = 15.0
    far: float = 40.0
    widens: Mapping[str, float] = field(default_factory=dict)
    held: float | None = None


GUESS: Final = PriceCurve()


class Backtest(NamedTuple):
    """`held` of `tried` prices lay in a band made without them; from low to high the middle band is `times`."""

    tried: int
    held: float
    times: float


def money(points: float) -> Decimal:
    """Rounded to two digits that matter: nobody knows the third."""
    amount = BASE * 10 ** (min(max(points, LEAST), MOST) / POINTS_A_POWER)
    step = Decimal(10) ** (math.floor(math.log10(amount)) - 1)
    return (Decimal(amount) / step).quantize(Decimal(1), ROUND_HALF_UP) * step


def points(amount: Decimal) -> float:
    """Of an amount above 0."""
    return min(max(POINTS_A_POWER * math.log10(float(amount) / BASE), LEAST), MOST)


def known_share(scores: Mapping[str, float | None], weights: Mapping[str, float]) -> float:
    """Of the weights, the part whose factors are known."""
    return sum(weights[name] for name, score in scores.items() if score is not None) / sum(weights.values())


def estimate(scores: Mapping[str, float | None], weights: Mapping[str, float], register: PriceCurve) -> Estimate:
    """Where the price lies, and how far off it may be."""
    away = _filled(scores, weights, register.means) - register.score
    middle = min(max(register.price + register.slope * away, 0.0), MOST - NARROWEST)
    return Estimate(middle, math.sqrt(register.near**2 + _widened(scores, weights, register)))


def calibrate(prices: Sequence[Price], weights: Mapping[str, float]) -> PriceCurve:
    """What these prices teach, by weights of which one is above 0. Too few teach nothing."""
    if len(prices) < ENOUGH_PRICES:
        return PriceCurve(asked=len(prices))
    means = {name: mean for name in weights if (mean := _mean([price.scores[name] for price in prices])) is not None}
    xs = [_filled(price.scores, weights, means) for price in prices]
    ys = [price.points for price in prices]
    line = _line(xs, ys)
    errors = [line.error(x, y) for x, y in zip(xs, ys, strict=True)]
    far = max(_quantile([abs(y - line.y) * line.n / (line.n - 1) for y in ys]), NARROWEST)
    near = min(max(_quantile(errors), NARROWEST), far)
    widens = {name: max(_quantile(_hidden(name, prices, weights, means, line)) ** 2 - near**2, 0.0) for name in means}
    guess = PriceCurve(len(prices), means, line.x, line.y, line.slope, near, far, widens)
    wider = [_widened(price.scores, weights, guess) for price in prices]
    needed = _quantile([math.sqrt(max(error**2 - more, 0)) for error, more in zip(errors, wider, strict=True)])
    found = replace(guess, near=min(max(needed, NARROWEST), far))
    held = [
        error**2 <= found.near**2 + _widened(price.scores, weights, found) + 1e-9
        for error, price in zip(errors, prices, strict=True)
    ]
    return replace(found, held=round(sum(held) / len(held), 3))


class _Line(NamedTuple):
    x: float
    y: float
    slope: float
    spread: float
    n: int

    def error(self, x: float, y: float) -> float:
        """How far a price lies off a line that was drawn without it."""
        weight = 1 / self.n + ((x - self.x) ** 2 / self.spread if self.spread > 0 else 0.0)
        return abs(y - self.y - self.slope * (x - self.x)) / max(1 - weight, 1 / self.n)


def _line(xs: Sequence[float], ys: Sequence[float]) -> _Line:
    """By least squares, never falling: what is better is worth no less."""
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((each - x) ** 2 for each in xs)
    slope = sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / spread if spread > 0 else 0.0
    return _Line(x, y, min(max(slope, 0.0), STEEPEST), spread, len(xs))


def _hidden(
    name: str, prices: Sequence[Price], weights: Mapping[str, float], means: Mapping[str, float], line: _Line
) -> list[float]:
    """How far off the line is where one factor is not known."""
    return [line.error(_filled({**each.scores, name: None}, weights, means), each.points) for each in prices]


def _widened(scores: Mapping[str, float | None], weights: Mapping[str, float], register: PriceCurve) -> float:
    """By how much the square of the reach grows by what is not known."""
    whole, rest = sum(weights.values()), max(register.far**2 - register.near**2, 0.0)
    unknown = [name for name, score in scores.items() if score is None and weights[name] > 0]
    return sum(max(register.widens.get(name, 0.0), rest * weights[name] / whole) for name in unknown)


def differs(old: PriceCurve, new: PriceCurve) -> bool:
    """Whether values should be reckoned anew: a band or a value moves by more than a tenth."""
    if (old.asked < ENOUGH_PRICES) != (new.asked < ENOUGH_PRICES):
        return True
    near = (abs(old.price - new.price), abs(old.score - new.score), abs(old.near - new.near), abs(old.far - new.far))
    return max(near) > 1 or abs(old.slope - new.slope) > 0.05


def backtest(
    prices: Sequence[Price], weights: Mapping[str, float], *, hidden: Collection[str] = (), every: int = 1
) -> Backtest:
    """Every so many-th price against a band made without it, as if its `hidden` factors were not known."""
    held, reaches = 0, []
    tried = range(0, len(prices), every)
    for place in tried:
        register = calibrate([*prices[:place], *prices[place + 1 :]], weights)
        scores = {name: None if name in hidden else score for name, score in prices[place].scores.items()}
        found = estimate(scores, weights, register)
        held += abs(prices[place].points - found.points) <= found.reach
        reaches.append(found.reach)
    middle = sorted(reaches)[len(reaches) // 2] if reaches else math.nan
    return Backtest(len(tried), held / len(tried) if tried else math.nan, 10 ** (2 * middle / POINTS_A_POWER))


def promise(register: PriceCurve) -> str:
    """What a band may be trusted for, in words."""
    if register.held is None:
        few = f"only {register.asked:,} asking prices are stored" if register.asked else "no asking price is stored"
        return f"The band is a guess: {few}; {ENOUGH_PRICES} are needed to measure it."
    return (
        f"The band is made to hold {PROMISE:.0%} of asking prices; it held {register.held:.0%} of the"
        f" {register.asked:,} stored ones, each left out in its turn."
    )


def _filled(scores: Mapping[str, float | None], weights: Mapping[str, float], means: Mapping[str, float]) -> float:
    whole = sum(weights.values())
    known = {name: means.get(name, MIDDLE) if score is None else score for name, score in scores.items()}
    return sum(weights[name] * known[name] for name in known) / whole


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _quantile(values: Sequence[float]) -> float:
    """The value that a new one stays below with the promised chance: the next rank up, as one more may come."""
    rank = math.ceil(PROMISE * (len(values) + 1))
    return sorted(values)[min(rank, len(values)) - 1]
