"""The question that an address or a query asks, and its answer as of the newest refresh of the daily statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from callbacks.web.api import services, unit
from data import clock
from data.backlinks import inputs
from data.backlinks.question import NAMES, build, span
from data.backlinks.reads import sets, totals
from data.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from components.kit.address import Address
    from data.backlinks.inputs import Question

VIEWS = ("mv_daily_backlink_stats",)

T = TypeVar("T")


def from_address(here: Address) -> Question:
    """What the page shows; the usual range where the address names none that there is. Raises BadInput naming the
    part, NotFound for a target that no link leads to."""
    here.require(but=("from", "to"))
    given = {name: word for name in NAMES if (word := here.value(name)) is not None}
    given["vs"] = ",".join(here.values("vs"))
    now = clock.now()
    try:
        asked = span(here.start, here.end, now)
    except BadInput:
        asked = span(None, None, now)
    return build(given, asked, _Known(), now)


def question(given: Mapping[str, str], *, start: str | None, end: str | None) -> Question:
    now = clock.now()
    return build(given, span(start, end, now), _Known(), now)


def targets() -> list[str]:
    return _kept("targets", totals.targets)


def ask(read: Callable[[Connection, Question], T], asked: Question) -> T:
    """What `read` answers, as of the newest refresh of the daily statistics."""
    return _kept((read.__module__, read.__name__, asked), lambda connection: read(connection, asked))


def _kept(name: object, read: Callable[[Connection], T]) -> T:
    return services().view_cache.get(unit(), VIEWS, ("backlinks", name), read)


class _Known:
    """What is known of targets, kept until the next refresh."""

    def target(self, name: str) -> bool:
        return _kept(("known", name), lambda connection: totals.known(connection, name))

    def usual_target(self) -> str | None:
        return _kept("usual", sets.usual_target)

    def rivals(self, target: str) -> tuple[str, ...]:
        return _kept(("rivals", target), lambda connection: sets.rivals_of(connection, target, limit=inputs.RIVALS))
