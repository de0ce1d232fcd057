"""What can be taken away as a file: datasets, each with its columns, its permission and how it is read.

An area lists its own in `data/<area>/exports.py`; `app.create_server` puts the lists together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, cast

from pydantic import BaseModel, ConfigDict

from data.errors import NotFound
from data.timerange import USUAL_FROM, midnight

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd
    from sqlalchemy import Connection

    from data.permissions import Permission
    from data.timerange import TimeRange

ROWS, MOST_ROWS = 50_000, 100_000  # a file holds so many unless told otherwise, and never more
# A share is a part of one, a percent a part of a hundred: both are read as percentages.
Kind = Literal["text", "integer", "number", "money", "share", "percent", "moment", "day", "flag"]
Values = dict[str, list[Any]]  # by column, None where nothing is known
Filters = TypeVar("Filters", bound=BaseModel)
SIMULATED = "simulated"


class NoFilters(BaseModel):
    """A dataset's own filters are fields of a model like this; an unknown one is refused by name."""

    model_config = ConfigDict(extra="forbid")


class Column(NamedTuple):
    """`title` is what people read above it, in the page's words; `places` of a number are shown."""

    title: str
    kind: Kind = "text"
    places: int = 1


MARK = Column("Simulated", "flag")


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What somebody asks for: `limit` rows of `span` that pass the dataset's filters."""

    span: TimeRange
    filters: BaseModel
    limit: int

    @property
    def start(self) -> datetime:
        return self.span.start

    @property
    def end(self) -> datetime:
        """The first moment after the range."""
        return self.span.end

    def filters_as(self, kind: type[Filters]) -> Filters:
        """The filters as the model that the dataset named."""
        if not isinstance(self.filters, kind):
            raise TypeError(f"these filters are not {kind.__name__}")
        return self.filters


@dataclass(frozen=True, slots=True)
class Dataset:
    """`read` answers a frame with at least `columns`, in the order to keep; the newest or weightiest rows first.

    `columns` gives each its kind, so that an empty file is typed too; money is Decimal, a moment is aware.
    `dated` is false for what is as it is now: such a dataset takes no range. A `daily` one has whole days (UTC).
    It never sees more than `limit` + 1 rows. `fill` writes the usual where a filter is left out, so that the file can
    say what it holds. Rows that a simulator made are marked in a column `simulated`, unless there can be none.
    """

    name: str
    title: str
    permission: Permission
    columns: dict[str, Column]
    read: Callable[[Connection, ExportRequest], pd.DataFrame]
    filters: type[BaseModel] = NoFilters
    dated: bool = True
    daily: bool = False
    usual_from: str = USUAL_FROM
    with_defaults: Callable[[Connection, ExportRequest], ExportRequest] | None = None
    simulated: bool = True

    def __post_init__(self) -> None:
        if self.simulated != (SIMULATED in self.columns):
            raise ValueError(f"{self.name} has to mark rows that a simulator made in a column {SIMULATED!r}")


@dataclass(frozen=True, slots=True)
class Table:
    """A dataset as it was read: what was asked, when, and whether rows were left off because of the limit."""

    dataset: Dataset
    request: ExportRequest
    as_of: datetime
    values: Values
    cut: bool

    @property
    def rows(self) -> int:
        return len(next(iter(self.values.values())))

    @property
    def simulated(self) -> bool:
        """Whether a simulator made any of its rows."""
        return any(self.values.get(SIMULATED, ()))

    def pieces(self, size: int = 1000) -> Iterator[list[tuple[Any, ...]]]:
        """Its rows, `size` at a time."""
        columns = list(self.values.values())
        for first in range(0, self.rows, size):
            yield list(zip(*(column[first : first + size] for column in columns), strict=True))

    @property
    def filters(self) -> dict[str, str]:
        """What narrows it, the usual ones included."""
        chosen = self.request.filters.model_dump(mode="json", exclude_none=True)
        return {name: _in_words(value) for name, value in chosen.items() if value not in (False, "", [])}

    @property
    def span(self) -> tuple[str, str] | None:
        """The first and the last day, or moments where the range does not hold whole days."""
        if not self.dataset.dated:
            return None
        span = self.request.span
        if all(at == midnight(at.date()) for at in (span.start, span.end)) and span.start < span.end:
            return span.first_day.isoformat(), span.last_day.isoformat()
        return stamp(span.start), stamp(span.end)

    @property
    def metadata(self) -> dict[str, str]:
        """What tells a reader of the file what it holds."""
        span = {"from": stamp(self.request.start), "to": stamp(self.request.end)} if self.dataset.dated else {}
        if self.span:
            cut = ", the newest ten years of what was asked for" if self.request.span.cut else ""
            span["range"] = " to ".join(self.span) + cut
        return {
            "dataset": self.dataset.name,
            "simulation": "yes: rows of a simulator, not of the real world" if self.simulated else "no",
            **span,
            "timezone": "UTC",
            "filters": ", ".join(f"{name} = {value}" for name, value in self.filters.items()) or "none",
            "as_of": stamp(self.as_of),
            "rows": str(self.rows),
            "complete": "no: more rows than the limit" if self.cut else "yes",
        }


@dataclass(slots=True)
class Registry:
    datasets: dict[str, Dataset] = field(default_factory=dict)

    def add(self, *datasets: Dataset) -> None:
        """Raises ValueError when a name is taken."""
        for dataset in datasets:
            if dataset.name in self.datasets:
                raise ValueError(f"two datasets are called {dataset.name}")
            self.datasets[dataset.name] = dataset

    def find(self, name: str) -> Dataset:
        """Raises NotFound, which names those there are."""
        found = self.datasets.get(name)
        if found is None:
            raise NotFound(f"There is no dataset {name[:60]!r}: the datasets are {', '.join(sorted(self.datasets))}")
        return found


def read(connection: Connection, dataset: Dataset, request: ExportRequest, as_of: datetime) -> Table:
    """Raises BadInput and NotFound for filters that the dataset cannot answer."""
    request = replace(request, span=request.span.whole_days()) if dataset.daily else request
    request = dataset.with_defaults(connection, request) if dataset.with_defaults else request
    frame = dataset.read(connection, replace(request, limit=request.limit + 1))
    rows = frame.head(request.limit)
    values = {name: _column(rows[name], column.kind) for name, column in dataset.columns.items()}
    return Table(dataset, request, as_of, values, cut=len(frame) > request.limit)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _in_words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else "yes" if value is True else str(value)


def _column(series: Iterable[Any], kind: Kind) -> list[Any]:
    return [_value(value, kind) for value in series]


def _value(value: Any, kind: Kind) -> Any:  # noqa: ANN401 — a cell of a frame
    """A cell as Python knows it: pandas says NaN, NaT or NA where PostgreSQL said null."""
    if value is None or value != value:  # noqa: PLR0124 — only what is not a number differs from itself
        return None
    return _AS[kind](value)


def _text(value: Any) -> str:  # noqa: ANN401 — a cell of a frame
    if isinstance(value, list | tuple | set):
        return ", ".join(map(str, value))
    return str(value)


def _number(value: Any) -> float | None:  # noqa: ANN401 — a cell of a frame
    return float(value) if math.isfinite(value) else None


def _moment(value: Any) -> datetime:  # noqa: ANN401 — a cell of a frame
    moment = cast("datetime", value.to_pydatetime(warn=False) if hasattr(value, "to_pydatetime") else value)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _day(value: Any) -> date:  # noqa: ANN401 — a cell of a frame
    return cast("date", value.date() if isinstance(value, datetime) else value)


_AS: dict[Kind, Callable[[Any], Any]] = {
    "text": _text,
    "integer": int,
    "number": _number,
    "share": _number,
    "percent": _number,
    "money": lambda value: value if isinstance(value, Decimal) else Decimal(str(value)),
    "moment": _moment,
    "day": _day,
    "flag": bool,
}
