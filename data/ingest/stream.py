"""What a stream is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from data.fields import Row

_DATA = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Stream:
    """Rows of `row` go into a stage of the same columns. From there they are either moved `into` a table of the same
    columns as they stand, or by the area's `insert_script`; `update_script` follows where that made fewer rows than
    were staged: they are known, and are brought up to date. `seconds`: what a single row may take, where that is more
    than requests are given."""

    area: str
    name: str
    row: type[Row]
    insert_script: str | None = None
    update_script: str | None = None
    into: str | None = None
    seconds: int | None = None

    @property
    def stage(self) -> str:
        return f"stage_{self.name}"

    @property
    def names(self) -> str:
        return ", ".join(self.row.columns())

    def stage_sql(self) -> str:
        columns = "".join(f", {name} {kind}" for name, kind in self.row.columns().items())
        return (
            f"create temporary table if not exists {self.stage}"
            f" (ord int, event_hash uuid{columns}) on commit delete rows"
        )

    def insert_sql(self) -> str:
        if self.insert_script:
            return _read(self.area, self.insert_script)
        return (
            f"insert into {self.into} ({self.names}, simulated)"
            f" select {self.names}, current_setting('mc.simulated')::boolean from {self.stage} order by ord"
        )

    def update_sql(self) -> str | None:
        return _read(self.area, self.update_script) if self.update_script else None


@cache
def _read(area: str, script: str) -> str:
    return (_DATA / area / "views" / f"{script}.sql").read_text(encoding="utf-8")
