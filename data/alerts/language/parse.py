"""From the words of a condition to its tree, checked against the signals that there are."""

from __future__ import annotations

import math
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import re2
from lark import Lark, Transformer, v_args
from lark.exceptions import LarkError, UnexpectedInput, VisitError

from data.alerts.language import tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lark import Token

    from data.alerts.language.tree import Comparing, Function, Kind, Matching, Node, Sign
    from data.signal import Signal

LONGEST = 4096  # characters
MOST_NODES = 200
DEEPEST = 50
LONGEST_WINDOW_S = 8 * 86_400
_PATTERN = 500
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_NUMBERS = frozenset((">", ">=", "<", "<="))
_PATTERNS = frozenset(("=~", "!~"))


class BadCondition(ValueError):
    """What is wrong with a condition, in an operator's words."""


def parse(condition: str, signals: Mapping[str, Signal]) -> Node:
    """Raises BadCondition."""
    if len(condition) > LONGEST:
        raise BadCondition(f"is longer than {LONGEST:,} characters")
    try:
        plain = _grammar().parse(condition, start="start")
        _check_depth(plain)
        node: Node = _Builder(signals).transform(plain)
    except VisitError as error:
        if isinstance(error.orig_exc, BadCondition):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise BadCondition(_place(error, condition)) from None
    except LarkError as error:
        raise BadCondition(str(error).partition("\n")[0]) from None
    if sum(1 for _ in tree.walk(node)) > MOST_NODES:
        raise BadCondition(f"has more than {MOST_NODES} parts")
    if node.kind != "truth":
        raise BadCondition("says no yes or no: compare it with something, as in error_rate > 0.1")
    if not tree.every_series(node):
        raise BadCondition("names no signal")
    return node


def parse_series(words: str, signals: Mapping[str, Signal]) -> tuple[Signal, dict[str, str]]:
    """One series, as `queue_depth{queue="job_queue"}`; a label that is not named is empty. Raises BadCondition."""
    if len(words) > LONGEST:
        raise BadCondition(f"is longer than {LONGEST:,} characters")
    try:
        series = _Builder(signals).transform(_grammar().parse(words, start="series"))
    except VisitError as error:
        if isinstance(error.orig_exc, BadCondition):
            raise error.orig_exc from None
        raise
    except UnexpectedInput as error:
        raise BadCondition(_place(error, words)) from None
    if any(each.how != "=" for each in series.filters):
        raise BadCondition("names no single series: its labels must be set by =")
    named = {each.label: each.wanted for each in series.filters}
    return series.signal, {name: named.get(name, "") for name in series.signal.labels}


@cache
def _grammar() -> Lark:
    words = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    return Lark(words, parser="lalr", maybe_placeholders=False, start=["start", "series"])


def _check_depth(plain: Any) -> None:  # noqa: ANN401 — Lark's own tree
    """Without recursion. Raises BadCondition where it is deeper than we walk."""
    deepest, level = 0, [plain]
    while level:
        deepest += 1
        if deepest > DEEPEST:
            raise BadCondition(f"is nested deeper than {DEEPEST} levels")
        level = [below for each in level for below in getattr(each, "children", ())]


def _place(error: UnexpectedInput, condition: str) -> str:
    at = getattr(error, "pos_in_stream", None)
    ended = getattr(getattr(error, "token", None), "type", "") == "$END"
    if ended or at is None or not 0 <= at < len(condition):
        return "ends too early"
    return f"cannot be read from “{condition[at : at + 20].strip()}” on (character {at + 1})"


@v_args(inline=True)
class _Builder(Transformer[Any, Any]):
    def __init__(self, signals: Mapping[str, Signal]) -> None:
        super().__init__()
        self._signals = signals

    def number(self, token: Token) -> Node:
        value = float(token)
        if not math.isfinite(value):
            raise BadCondition(f"{token} is too large for a number")
        return tree.Number(value)

    def word(self, token: Token) -> Node:
        return tree.Word(token[1:-1])

    def signed(self, sign: Token, node: Node) -> Node:
        _must_be(node, "number", f"{sign} stands before a number")
        if isinstance(node, tree.Number):
            return tree.Number(-node.value if sign == "-" else node.value)
        return tree.Arithmetic("-", tree.Number(0), node) if sign == "-" else node

    def filter(self, label: Token, how: Token, token: Token) -> tree.Filter:
        wanted = str(token[1:-1])
        if how in _PATTERNS:
            _check_pattern(wanted)
        return tree.Filter(str(label), cast("Matching", str(how)), wanted)

    def series(self, name: Token, *filters: tree.Filter) -> tree.Series:
        signal = self._signals.get(name)
        if signal is None:
            raise BadCondition(f"there is no signal {name}{_alike(name, self._signals)}")
        for each in filters:
            if each.label not in signal.labels:
                known = ", ".join(signal.labels) or "none"
                raise BadCondition(f"{name} has no label {each.label}; it has {known}")
        return tree.Series(signal, filters)

    def window(self, function: Token, series: tree.Series, length: Token) -> Node:
        _must_be(series, "number", f"{function} needs a signal that is a number")
        seconds = duration(length)
        if not 0 < seconds <= LONGEST_WINDOW_S:
            raise BadCondition(f"{length}: a window lasts from 1s to 8d")
        return tree.Window(cast("Function", str(function)), series, seconds)

    def zscore(self, series: tree.Series) -> Node:
        _must_be(series, "number", "zscore needs a signal that is a number")
        return tree.Zscore(series)

    def arithmetic(self, left: Node, sign: Token, right: Node) -> Node:
        for side in (left, right):
            _must_be(side, "number", f"{sign} stands between numbers")
        return tree.Arithmetic(cast("Sign", str(sign)), left, right)

    def comparison(self, left: Node, how: Token, right: Node) -> Node:
        _must_compare(left, str(how), right)
        return tree.Comparison(cast("Comparing", str(how)), left, right)

    def both(self, left: Node, right: Node) -> Node:
        for side in (left, right):
            _must_be(side, "truth", "AND stands between comparisons")
        return tree.Both(left, right)

    def either(self, left: Node, right: Node) -> Node:
        for side in (left, right):
            _must_be(side, "truth", "OR stands between comparisons")
        return tree.Either(left, right)

    def inverse(self, node: Node) -> Node:
        _must_be(node, "truth", "NOT stands before a comparison")
        return tree.Inverse(node)


def duration(words: str) -> int:
    """Seconds of `30s`, `5m`, `2h`, `1d`, `1w`."""
    return int(words[:-1]) * _SECONDS[words[-1]]


def _must_compare(left: Node, how: str, right: Node) -> None:
    kinds = {left.kind, right.kind}
    if "truth" in kinds or len(kinds) > 1:
        raise BadCondition(f"{how} compares a {_said(left.kind)} with a {_said(right.kind)}")
    if how in _NUMBERS and kinds != {"number"}:
        raise BadCondition(f"{how} compares numbers; words are compared by ==, !=, =~ and !~")
    if how in _PATTERNS:
        if not isinstance(right, tree.Word):
            raise BadCondition(f"{how} needs a pattern in quotes behind it")
        _check_pattern(right.value)


def _must_be(node: Node, kind: Kind, words: str) -> None:
    if node.kind != kind:
        raise BadCondition(words)


def _said(kind: Kind) -> str:
    return "comparison" if kind == "truth" else kind


def _check_pattern(words: str) -> None:
    if len(words) > _PATTERN:
        raise BadCondition(f"a pattern is longer than {_PATTERN} characters")
    try:
        tree.pattern(words)
    except re2.error as error:
        why = error.args[0] if error.args else "is none"
        said = why.decode(errors="replace") if isinstance(why, bytes) else str(why)
        raise BadCondition(f"the pattern “{words[:60]}” is none: {said}") from None


def _alike(name: str, signals: Mapping[str, Signal]) -> str:
    close = get_close_matches(name[:60], signals, n=1)
    return f"; did you mean {close[0]}?" if close else ""
