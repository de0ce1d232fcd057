"""What a stream is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Stream:
    """`columns` are those of `Row.values()`, with their types in PostgreSQL. `put` names the area's script that moves
    the stage into the tables; `again` the one that follows where it made fewer rows than were staged: they are known,
    and are brought up to date."""

    area: str
    name: str
    row: type[Any]
    columns: tuple[tuple[str, str], ...]
    put: str
    again: str | None = None

    @property
    def stage(self) -> str:
        return f"stage_{self.name}"

    @property
    def names(self) -> str:
        return ", ".join(name for name, _ in self.columns)

    def sql(self, script: str) -> str:
        return _read(self.area, script)


@cache
def _read(area: str, script: str) -> str:
    return (_DATA / area / "views" / f"{script}.sql").read_text(encoding="utf-8")
