"""What a condition means, as a tree. Its nodes know their kind, so that a tree that exists can be evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import re2

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from data.signal import Signal

Function = Literal["avg", "min", "max", "rate", "increase"]
Sign = Literal["+", "-", "*", "/"]
Matching = Literal["=", "!=", "=~", "!~"]
Comparing = Literal[">", ">=", "<", "<=", "==", "!=", "=~", "!~"]
Kind = Literal["number", "word", "truth"]

_PATTERN_BYTES = 1 << 20  # what a pattern may take once compiled


@lru_cache(maxsize=512)
def pattern(words: str) -> Any:  # noqa: ANN401 — re2 has no types
    """Raises re2.error. Linear in what it is held against, whatever it says."""
    options = re2.Options()
    options.max_mem, options.log_errors = _PATTERN_BYTES, False
    return re2.compile(words, options)


def fits(how: Matching | Comparing, value: str, wanted: str) -> bool:
    """A pattern must fit the whole value."""
    if how in ("=~", "!~"):
        return (pattern(wanted).fullmatch(value) is not None) == (how == "=~")
    return (value == wanted) == (how in ("=", "=="))


@dataclass(frozen=True, slots=True)
class Filter:
    label: str
    how: Matching
    wanted: str


@dataclass(frozen=True, slots=True)
class Number:
    value: float
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Word:
    value: str
    kind: Kind = "word"


@dataclass(frozen=True, slots=True)
class Series:
    signal: Signal
    filters: tuple[Filter, ...] = ()

    @property
    def kind(self) -> Kind:
        return self.signal.kind

    def takes(self, labels: Mapping[str, str]) -> bool:
        return all(fits(each.how, labels.get(each.label, ""), each.wanted) for each in self.filters)


@dataclass(frozen=True, slots=True)
class Window:
    function: Function
    series: Series
    seconds: int
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Zscore:
    """How far a signal is from what is usual at this hour of the week, in robust standard deviations."""

    series: Series
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    sign: Sign
    left: Node
    right: Node
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Comparison:
    how: Comparing
    left: Node
    right: Node
    kind: Kind = "truth"


@dataclass(frozen=True, slots=True)
class Both:
    left: Node
    right: Node
    kind: Kind = "truth"


@dataclass(frozen=True, slots=True)
class Either:
    left: Node
    right: Node
    kind: Kind = "truth"


@dataclass(frozen=True, slots=True)
class Inverse:
    inner: Node
    kind: Kind = "truth"


Node: TypeAlias = Number | Word | Series | Window | Zscore | Arithmetic | Comparison | Both | Either | Inverse


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, from the left."""
    yield node
    for below in _below(node):
        yield from walk(below)


def every_series(node: Node) -> tuple[Series, ...]:
    """Each once, in the order in which they are named."""
    return tuple(dict.fromkeys(each for each in walk(node) if isinstance(each, Series)))


def _below(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Arithmetic | Comparison | Both | Either):
        return node.left, node.right
    if isinstance(node, Window | Zscore):
        return (node.series,)
    return (node.inner,) if isinstance(node, Inverse) else ()
