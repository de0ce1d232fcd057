"""From what an address or a query says to the question that the reads answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from callbacks.http.api import services
from components.backlinks.filters import DEFAULT_FROM
from components.kit.ranges import EARLIEST, LONGEST, moment
from data import clock
from data.backlinks import inputs
from data.backlinks.inputs import Question
from data.backlinks.reads import sets, totals
from data.errors import BadInput, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sqlalchemy import Connection

    from components.kit.address import Address

STAMP = "mv_daily_backlink_stats"
NAMES = ("target", "da", "spam", "type", "state", "anchor", "source", "reason", "k", "platforms")

T = TypeVar("T")


def from_address(here: Address) -> Question:
    """What the page shows. Raises BadInput naming the part, NotFound for a target that no link leads to."""
    given = {name: word for name in NAMES if (word := here.value(name)) is not None}
    return question(given, vs=",".join(here.values("vs")), start=here.start, end=here.end)


def question(given: Mapping[str, str], *, vs: str | None, start: str | None, end: str | None) -> Question:
    first, last, until = span(start, end)
    target = _target(given.get("target"))
    rivals = inputs.domains(vs)
    return Question(
        target=target,
        start=first,
        end=last,
        until=until,
        rivals=tuple(name for name in (rivals if rivals is not None else _rivals(target)) if name != target),
        filters=inputs.filters(dict(given)),
        overlap=inputs.overlap(given.get("k")),
        platforms=given.get("platforms") == "show",
    )


def span(start: str | None, end: str | None) -> tuple[date, date, datetime]:
    """First and last day, and the moment that the last one ends, at most now. Raises BadInput naming `from` or `to`."""
    now = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1)  # whole minutes: an answer to keep
    since, until = _moment("from", start or DEFAULT_FROM, now), _moment("to", end or "now", now)
    if since > until:
        raise BadInput.field(
            "from", msg=f"lies after `to`: {since:%Y-%m-%d %H:%M} is later than {until:%Y-%m-%d %H:%M}"
        )
    until = min(until, now)
    since = max(min(since, until), until - LONGEST, EARLIEST)
    until = max(until, EARLIEST)
    return since.date(), until.date(), min(inputs.midnight(until.date()) + timedelta(days=1), now)


def _moment(field: str, words: str, now: datetime) -> datetime:
    found = moment(words, now, end=field == "to")
    if found is None:
        raise BadInput.field(field, msg="must be a day (2026-10-31), a moment, or like now-90d")
    return found


def _target(given: str | None) -> str:
    name = (inputs.site("target", given) or "").strip().lower()
    if not name:
        return _usual()
    if not _kept(("known", name), lambda connection: totals.known(connection, name)):
        raise NotFound(f"No link to {name} is known: choose another target, or send its links to the API")
    return name


def _usual() -> str:
    found = _kept("usual", sets.usual_target)
    if found is None:
        raise NotFound("No link was found yet: submit a mission, or send links to /api/v1/ingest/backlinks")
    return found


def _rivals(target: str) -> tuple[str, ...]:
    return _kept(("rivals", target), lambda connection: sets.rivals_of(connection, target, limit=inputs.RIVALS))


def targets() -> list[str]:
    return _kept("targets", totals.targets)


def ask(read: Callable[[Connection, Question], T], asked: Question) -> T:
    """What `read` answers, as of the newest refresh of the daily statistics."""
    return _kept((read.__module__, read.__name__, asked), lambda connection: read(connection, asked))


def _kept(name: object, read: Callable[[Connection], T]) -> T:
    mc = services()
    return mc.kept.get(mc.engine, STAMP, ("backlinks", name), read)
