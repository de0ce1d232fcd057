"""What a benchmark is: a function of the running stack that answers rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

F = TypeVar("F", bound="Callable[..., list[Row]]")


@dataclass(frozen=True, slots=True)
class Reach:
    """What the product promises: the value stays `below`, or comes to at least `at_least`."""

    below: float | None = None
    at_least: float | None = None

    def met(self, value: float) -> bool:
        return (self.below is None or value < self.below) and (self.at_least is None or value >= self.at_least)

    def __str__(self) -> str:
        return f"< {self.below:,.6g}" if self.below is not None else f"≥ {self.at_least:,.6g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: `n` is how many measurements stand behind `value`."""

    name: str
    value: float
    unit: str
    n: int
    reach: Reach | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured. `full` is what the product's promises speak of."""

    seconds: float = 30.0  # of each measurement that lasts
    batches: int = 200  # of 1,000 rows, for ingest
    small: int = 1_000_000  # rows, for the refresh
    large: int = 10_000_000
    loads: int = 7  # of the wall in a browser, cold and warm each
    targets: int = 48  # that each panel is asked for
    soak: float = 120.0  # seconds before memory and an open wall are read for the last time


FULL = Scale()
QUICK = Scale(seconds=8, batches=40, small=100_000, large=1_000_000, loads=3, targets=6, soak=20)


Where = Literal["database", "stored", "large", "empty", "simulated"]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """`where` it runs: `database`: on PostgreSQL alone, an Engine is passed; `stored`: on what they stored, nothing
    runs and its home is passed; else a Stack is passed: `large`: on the same; `empty`: on nothing; `simulated`: with
    the simulator's story and traffic."""

    name: str
    measure: Callable[[Any, Scale], list[Row]]
    where: Where = "empty"


@dataclass
class Registry:
    benchmarks: list[Benchmark] = field(default_factory=list)

    def add(self, name: str, *, where: Where = "empty") -> Callable[[F], F]:
        def keep(measure: F) -> F:
            self.benchmarks.append(Benchmark(name, measure, where))
            return measure

        return keep

    def named(self, names: Sequence[str]) -> list[Benchmark]:
        """Those asked for, in their own order; all when none is named. Raises KeyError for an unknown name."""
        known = {each.name for each in self.benchmarks}
        unknown = [name for name in names if name not in known]
        if unknown:
            raise KeyError(f"no benchmark {', '.join(unknown)}; there are {', '.join(sorted(known))}")
        return [each for each in self.benchmarks if not names or each.name in names]


benchmark = Registry()
