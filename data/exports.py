"""What can be taken away as a file: datasets, each with its columns, its permission and how it is read.

An area lists its own in `data/<area>/exports.py`; `app.create_server` puts the lists together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from pydantic import BaseModel, ConfigDict

from data.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pandas as pd
    from sqlalchemy import Connection

    from data.permissions import Permission

ROWS, MOST_ROWS = 50_000, 100_000  # a file holds so many unless told otherwise, and never more
Kind = Literal["text", "integer", "number", "money", "moment", "day", "flag"]
Values = dict[str, list[Any]]  # by column, None where nothing is known
Filters = TypeVar("Filters", bound=BaseModel)


class NoFilters(BaseModel):
    """A dataset's own filters are fields of a model like this; an unknown one is refused by name."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for: `limit` rows of `start` ≤ time < `end` that pass the dataset's filters."""

    start: datetime
    end: datetime
    filters: BaseModel
    limit: int

    def chosen(self, kind: type[Filters]) -> Filters:
        """The filters as the model that the dataset named."""
        if not isinstance(self.filters, kind):
            raise TypeError(f"these filters are not {kind.__name__}")
        return self.filters


@dataclass(frozen=True, slots=True)
class Dataset:
    """`read` answers a frame with at least `columns`, in the order to keep; the newest or weightiest rows first.

    `columns` gives each its kind, so that an empty file is typed too; money is Decimal, a moment is aware.
    `dated` is false for what is as it is now: such a dataset takes no range. It never sees more than `limit` + 1 rows.
    """

    name: str
    title: str
    permission: Permission
    columns: dict[str, Kind]
    read: Callable[[Connection, Wanted], pd.DataFrame]
    filters: type[BaseModel] = NoFilters
    dated: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """A dataset as it was read: what was asked, when, and whether rows were left off because of the limit."""

    dataset: Dataset
    wanted: Wanted
    as_of: datetime
    values: Values
    cut: bool

    @property
    def rows(self) -> int:
        return len(next(iter(self.values.values())))

    def pieces(self, size: int = 1000) -> Iterator[list[tuple[Any, ...]]]:
        """Its rows, `size` at a time."""
        columns = list(self.values.values())
        for first in range(0, self.rows, size):
            yield list(zip(*(column[first : first + size] for column in columns), strict=True))

    @property
    def said(self) -> dict[str, str]:
        """What tells a reader of the file what it holds."""
        span = {"from": stamp(self.wanted.start), "to": stamp(self.wanted.end)} if self.dataset.dated else {}
        chosen = self.wanted.filters.model_dump(mode="json", exclude_defaults=True)
        return {
            "dataset": self.dataset.name,
            **span,
            "timezone": "UTC",
            "filters": ", ".join(f"{name} = {value}" for name, value in chosen.items()) or "none",
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


def read(connection: Connection, dataset: Dataset, wanted: Wanted, as_of: datetime) -> Table:
    one_more = Wanted(wanted.start, wanted.end, wanted.filters, wanted.limit + 1)
    frame = dataset.read(connection, one_more)
    kept = frame.head(wanted.limit)
    values = {name: _column(kept[name], kind) for name, kind in dataset.columns.items()}
    return Table(dataset, wanted, as_of, values, cut=len(frame) > wanted.limit)


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


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
    "money": lambda value: value if isinstance(value, Decimal) else Decimal(str(value)),
    "moment": _moment,
    "day": _day,
    "flag": bool,
}
