"""From the words of an address, a query or an export to the question that the reads answer: built here alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from data import timerange
from data.backlinks import inputs
from data.backlinks.reads import competitor_sets, daily_counts
from data.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from data.timerange import TimeRange

USUAL_FROM = "now-90d"
NAMES = ("target", "da", "spam", "type", "state", "anchor", "source", "reason", "k", "platforms")


class KnownTargets(Protocol):
    """What is known of targets; pages keep the answers until the next refresh."""

    def target(self, name: str) -> bool: ...
    def usual_target(self) -> str | None: ...
    def rivals(self, target: str) -> tuple[str, ...]: ...


class DatabaseTargets:
    """Asks the database each time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def target(self, name: str) -> bool:
        return daily_counts.is_known_target(self._connection, name)

    def usual_target(self) -> str | None:
        return competitor_sets.usual_target(self._connection)

    def rivals(self, target: str) -> tuple[str, ...]:
        return competitor_sets.rivals_of(self._connection, target, limit=inputs.RIVALS)


def parse_span(start: str | None, end: str | None, now: datetime) -> TimeRange:
    """In whole minutes, so that an answer can be kept. Raises BadInput naming `from` or `to`."""
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return timerange.parse(start, end, minute, usual=USUAL_FROM)


def build_query(
    given: Mapping[str, str], asked: TimeRange, known: KnownTargets, now: datetime, *, rows: int = inputs.ROWS
) -> inputs.Question:
    """`given` are the filters by name, `vs` among them. What is left out is the usual.

    Raises BadInput naming the filter, NotFound for a target that no link leads to.
    """
    target = _target(inputs.site("target", given.get("target")), known)
    named = inputs.domains(given.get("vs"))
    rivals = known.rivals(target) if named is None else named
    close = timerange.midnight(asked.last_day + timedelta(days=1))
    minute = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return inputs.Question(
        target=target,
        start=asked.first_day,
        end=asked.last_day,
        until=min(close, minute),
        rivals=tuple(name for name in rivals if name != target),
        filters=inputs.filters(dict(given)),
        overlap=inputs.overlap(given.get("k")),
        platforms=inputs.platforms(given.get("platforms")),
        rows=rows,
    )


def _target(given: str | None, known: KnownTargets) -> str:
    name = (given or "").strip().lower()
    if not name:
        usual = known.usual_target()
        if usual is None:
            raise NotFound("No link was found yet: submit a mission, or send links to /api/v1/ingest/backlinks")
        return usual
    if not known.target(name):
        raise NotFound(f"No link to {name} is known: choose another target, or send its links to the API")
    return name
