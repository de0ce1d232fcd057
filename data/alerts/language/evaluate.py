"""The answer of a condition for one set of labels: yes, no, no data or error. Pure.

Three-valued: no data spoils no answer that is known without it. `cpu_usage > 80 OR memory_usage > 90` is a yes where
the one is too high and nobody has heard of the other, and `AND` a no where one of them is in order.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any, cast

from data.alerts.language import tree
from data.alerts.language.readings import Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from data.alerts.language.readings import Labels, Point, Readings
    from data.alerts.language.tree import Node

Value = float | str | Missing
Truth = bool | Missing

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
LEAST_USUAL = 30  # values of the same hour of the week, of which a week holds sixty
_OF_A_BELL = 1.4826
_WORST_FIRST = (Missing.ERROR, Missing.NO_DATA, Missing.ABSENT)


@dataclass(frozen=True, slots=True)
class Answer:
    """`value` is what was compared: of the comparison that says yes, else of the first that has one."""

    truth: Truth
    value: float | None
    note: str = ""
    simulated: bool = False


def evaluate(node: Node, labels: Labels, readings: Readings) -> Answer:
    asking = _Asking(labels, readings)
    truth = asking.truth(node)
    value = asking.yes if truth is True and asking.yes is not None else asking.seen
    return Answer(truth, value, " · ".join(dict.fromkeys(asking.notes)), asking.simulated)


class _Asking:
    def __init__(self, labels: Labels, readings: Readings) -> None:
        self._labels, self._readings = labels, readings
        self.seen: float | None = None
        self.yes: float | None = None
        self.notes: list[str] = []
        self.simulated = False

    def truth(self, node: Node) -> Truth:
        if isinstance(node, tree.Both):
            return _both(self.truth(node.left), self.truth(node.right))
        if isinstance(node, tree.Either):
            return _either(self.truth(node.left), self.truth(node.right))
        if isinstance(node, tree.Inverse):
            inner = self.truth(node.inner)
            return inner if isinstance(inner, Missing) else not inner
        assert isinstance(node, tree.Comparison)  # noqa: S101 — the parser has seen to it
        return self._compare(node)

    def _compare(self, node: tree.Comparison) -> Truth:
        left, right = self._value(node.left), self._value(node.right)
        missing = _missing(left, right)
        if missing is not None:
            return False if missing is Missing.ABSENT else missing
        if node.how in ("=~", "!~"):
            return tree.fits(node.how, str(left), str(right))
        truth = _COMPARE[node.how](left, right)
        if isinstance(left, float):
            self.seen = left if self.seen is None else self.seen
            self.yes = left if truth and self.yes is None else self.yes
        return truth

    def _value(self, node: Node) -> Value:
        if isinstance(node, tree.Number | tree.Word):
            return node.value
        if isinstance(node, tree.Series):
            return self._newest(node)
        if isinstance(node, tree.Window):
            return self._window(node)
        if isinstance(node, tree.Zscore):
            return self._zscore(node)
        assert isinstance(node, tree.Arithmetic)  # noqa: S101 — the same
        left, right = self._value(node.left), self._value(node.right)
        missing = _missing(left, right)
        return missing if missing is not None else _calculated(node.sign, cast("float", left), cast("float", right))

    def _newest(self, series: tree.Series) -> Value:
        found = self._readings.family(series.signal).look(self._labels, self._readings.now)
        if isinstance(found, Missing):
            return found
        if not series.takes(found.labels):
            return Missing.ABSENT
        self.simulated = self.simulated or found.simulated
        if found.note:
            self.notes.append(found.note)
        assert found.value is not None  # noqa: S101 — `look` has seen to it
        return found.value

    def _zscore(self, node: tree.Zscore) -> Value:
        newest = self._newest(node.series)
        if isinstance(newest, Missing):
            return newest
        family = self._readings.family(node.series.signal)
        return zscore(float(newest), family.usual(self._labels, self._readings.now))

    def _window(self, node: tree.Window) -> Value:
        newest = self._newest(node.series)
        if isinstance(newest, Missing):
            return newest
        now = self._readings.now
        points = self._readings.family(node.series.signal).points(self._labels, _before(now, node.seconds), now)
        return over(node.function, points or [(now, float(newest))])


def zscore(value: float, usual: Sequence[float]) -> Value:
    """Against the median of what is usual, in units of its median deviation, which for a bell is the standard one. What
    never moved is given a hundredth of itself. Nothing is said where too little is known."""
    if len(usual) < LEAST_USUAL:
        return Missing.NO_DATA
    middle = median(usual)
    spread = _OF_A_BELL * median(abs(each - middle) for each in usual)
    return (value - middle) / max(spread, abs(middle) / 100, 1e-9)


def _before(now: datetime, seconds: int) -> datetime:
    return now - timedelta(seconds=seconds)


def over(function: tree.Function, points: Sequence[Point]) -> Value:
    """`rate` is the rise a second, `increase` the rise, of a counter: where it falls it began anew at 0."""
    values = [value for _, value in points]
    if function == "avg":
        return sum(values) / len(values)
    if function in ("min", "max"):
        return min(values) if function == "min" else max(values)
    if len(points) < 2:
        return Missing.NO_DATA
    rise = sum(after - before if after >= before else after for before, after in pairwise(values))
    if function == "increase":
        return rise
    seconds = (points[-1][0] - points[0][0]).total_seconds()
    return rise / seconds if seconds > 0 else Missing.NO_DATA


def _calculated(sign: tree.Sign, left: float, right: float) -> Value:
    """A division by zero says nothing, as a share of nothing does."""
    if sign == "/":
        return left / right if right else Missing.NO_DATA
    value: float = {"+": operator.add, "-": operator.sub, "*": operator.mul}[sign](left, right)
    return value if abs(value) != float("inf") else Missing.NO_DATA


def _missing(*values: Value) -> Missing | None:
    return next((each for each in _WORST_FIRST if any(value is each for value in values)), None)


def _both(left: Truth, right: Truth) -> Truth:
    if left is False or right is False:
        return False
    return _unknown(left, right) or True


def _either(left: Truth, right: Truth) -> Truth:
    if left is True or right is True:
        return True
    return _unknown(left, right) or False


def _unknown(left: Truth, right: Truth) -> Missing | None:
    found = [each for each in (left, right) if isinstance(each, Missing)]
    return Missing.ERROR if Missing.ERROR in found else found[0] if found else None
