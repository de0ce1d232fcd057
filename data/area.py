"""What an area says of itself, in its `data/<area>/area.py`: the words of the manifest.

A manifest is light, so that every process may read it. What is heavy is a module of its own, found by the area's name:
`data.<area>.streams` (STREAMS), `data.<area>.exports` (DATASETS), `data.<area>.live` (SECTIONS),
`data.<area>.alert_signals` (SIGNALS), `tasks.<area>` (register), `callbacks.<area>` (blueprint),
`callbacks.http.v1.<area>` (APIS), `components.<area>.panels`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.permissions import Permission

_DATA = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class View:
    """Versioned SQL of an area: `data/<area>/views/<name>_v<version>.sql`."""

    area: str
    name: str
    version: int

    def sql(self) -> str:
        return (_DATA / self.area / "views" / f"{self.name}_v{self.version:02d}.sql").read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Table:
    """A table that more than its own area has to know of.

    `partitioned` by months, made ahead of time. `simulated`: it has a column of that name, and what bears it goes with
    the simulation; `counted` tables are named in the answer to that. `expires` is the condition, in SQL, on which a row
    is past its time (`:metrics` and `:history` are the days of retention). `emptied` names the roll-up whose hours
    become final when a partitioned table's old months are emptied.
    """

    name: str
    partitioned: bool = False
    simulated: bool = False
    counted: bool = False
    expires: str | None = None
    emptied: str | None = None


@dataclass(frozen=True, slots=True)
class Finder:
    """How the palette finds an entity. `sql` gives `key`, `title`, `detail`; `href` holds `{}` for the key. Its
    parameters: `like` is what was typed, anywhere; `start` what was typed in lower case; `name` the domain that it
    begins or is an address on, `name_stop` an end to everything that begins with that; `each` how many. Bounded: an
    index by the first letters, or a look at the newest few thousand.
    """

    kind: str
    needs: Permission
    href: str
    sql: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the live state that the palette reaches and a board may show. `path` and `trend` lead into the live
    state; `worse` is the side of a threshold that is bad; `status` names whose status a crossed threshold raises."""

    name: str
    title: str
    path: str
    form: Literal["int", "decimal", "percent", "age"] = "int"
    trend: str | None = None
    worse: Literal["above", "below"] = "above"
    unit: str = ""
    status: str | None = None
    href: str = "/"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart by day over the page's range that a board may show. `view` is the view it is drawn from, None where it is
    read from tables; `needs` is what one must be allowed to see it. How it is read and drawn stands under the same name
    in `callbacks.<area>.CHARTS`."""

    name: str
    title: str
    note: str
    view: str | None
    needs: Permission


@dataclass(frozen=True, slots=True)
class Area:
    """One noun, the same word as URL, page, folders, CSS prefix and permission prefix.

    `title` and `path` are those of its page; an area without a path has none. `every` says how many seconds lie
    between two runs of each of its periodic tasks. Roll-ups stand in the order in which they are brought up to date.
    """

    name: str
    title: str
    path: str | None = None
    rollups: tuple[View, ...] = ()
    views: tuple[View, ...] = ()
    tables: tuple[Table, ...] = ()
    finders: tuple[Finder, ...] = ()
    numbers: tuple[Number, ...] = ()
    charts: tuple[Chart, ...] = ()
    every: Mapping[str, float] = field(default_factory=dict)
