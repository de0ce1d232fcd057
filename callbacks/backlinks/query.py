"""The question that an address or a query asks, and its answer as of the newest refresh of the daily statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from callbacks.web.api import services, unit
from components.kit import notices
from data import clock
from data.backlinks import inputs
from data.backlinks.query import NAMES, build_query, parse_span
from data.backlinks.reads import competitor_sets, daily_counts
from data.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import Connection

    from components.kit.address import Address
    from data.backlinks.inputs import Question

VIEWS = ("mv_daily_backlink_stats",)

T = TypeVar("T")


def parse_address(here: Address) -> Question:
    """What the page shows. Raises NotFound for a target that no link leads to."""
    return parse_address_with_faults(here)[0]


def parse_address_with_faults(here: Address) -> tuple[Question, list[str]]:
    """What the page shows, and what is wrong with the words that were left out of it. Raises NotFound."""
    given = {name: word for name in NAMES if (word := here.value(name)) is not None}
    given["vs"] = ",".join(here.values("vs"))
    now = clock.now()
    faults: list[str] = []
    try:
        asked = parse_span(here.start, here.end, now)
    except BadInput:  # the notice of every page says so
        asked = parse_span(None, None, now)
    while True:
        try:
            return build_query(given, asked, _Known(), now), faults
        except BadInput as error:
            wrong = {str(each["loc"][0]) for each in error.errors} & given.keys()
            if not wrong:
                raise
            faults.append(notices.left_out(error.detail))
            given = {name: word for name, word in given.items() if name not in wrong}


def parse_parameters(given: Mapping[str, str], *, start: str | None, end: str | None) -> Question:
    now = clock.now()
    return build_query(given, parse_span(start, end, now), _Known(), now)


def list_targets() -> list[str]:
    return _cached("targets", daily_counts.list_targets)


def run_query(read: Callable[[Connection, Question], T], asked: Question) -> T:
    """What `read` answers, as of the newest refresh of the daily statistics."""
    return _cached((read.__module__, read.__name__, asked), lambda connection: read(connection, asked))


def _cached(name: object, read: Callable[[Connection], T]) -> T:
    return services().view_cache.get(unit(), VIEWS, ("backlinks", name), read)


class _Known:
    """What is known of targets, kept until the next refresh."""

    def target(self, name: str) -> bool:
        return _cached(("known", name), lambda connection: daily_counts.is_known_target(connection, name))

    def usual_target(self) -> str | None:
        return _cached("usual", competitor_sets.usual_target)

    def rivals(self, target: str) -> tuple[str, ...]:
        return _cached(
            ("rivals", target), lambda connection: competitor_sets.rivals_of(connection, target, limit=inputs.RIVALS)
        )
