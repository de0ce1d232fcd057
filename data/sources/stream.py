"""What a stream is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Stream:
    """`columns` are those of `Row.values()`, with their types in PostgreSQL. `put` moves the stage into the tables;
    `again` follows where it made fewer rows than were staged: they are known, and are brought up to date."""

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
