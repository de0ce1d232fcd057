"""A domain's own page: what is known of it, what it is worth, how that came about, and who links to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output
from pydantic import ValidationError

from callbacks import notices
from callbacks.blueprint import CallbackBlueprint
from callbacks.http.api import services
from components.domains import figures, ids, tables
from components.domains import own as page
from components.domains import value as calculator
from components.kit import address, charts
from components.kit.states import empty
from data import clock
from data.deadline import reading
from data.domains import mentions, reads, values
from data.domains.inputs import DomainPath, MentionFilters
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from components.kit.address import Address

blueprint = CallbackBlueprint("domain")

SHOWN = 50


def draws(place: str) -> Callable[[Callable[[Connection, str, Address, datetime], Any]], Callable[..., Any]]:
    """The function draws the content of `place` for the domain that the page is of."""

    def wire(draw: Callable[[Connection, str, Address, datetime], Any]) -> Callable[..., Any]:
        def answer(given: str, view: address.Parts, _stamps: object, _acted: object) -> Any:  # noqa: ANN401 — components or a figure
            try:
                name = DomainPath.model_validate({"domain_name": given}).domain_name
            except ValidationError:
                return charts.nothing("No domain") if place == ids.OWN_LINKS else empty("That is no domain name.")
            with reading(services().engine) as connection:
                return draw(connection, name, address.read(view), clock.now())

        answer.__name__ = draw.__name__
        return blueprint.callback(
            Output(charts.slot(place), "data") if place == ids.OWN_LINKS else Output(place, "children"),
            Input(ids.OWN_NAME, "data"),
            Input(ids.OWN_VIEW, "data"),
            Input(ids.STAMP, "data"),
            Input(ids.ACTED, "data"),
            needs=Permission.DOMAINS_READ,
        )(answer)

    return wire


@draws(ids.OWN_FACTS)
def draw_facts(connection: Connection, name: str, _: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    found = reads.domain(connection, name)
    return page.facts(found, now) if found else page.unknown(name)


@draws(ids.OWN_VALUE)
def draw_own_value(connection: Connection, name: str, _: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    return calculator.valuation(values.value(connection, name, now)[0], linked=False)


@draws(ids.OWN_HISTORY)
def draw_history(connection: Connection, name: str, _: Address, __: datetime) -> Any:  # noqa: ANN401 — components
    return tables.history(reads.history(connection, name, limit=SHOWN))


@draws(ids.OWN_LINKS)
def draw_links(connection: Connection, name: str, here: Address, now: datetime) -> Any:  # noqa: ANN401 — a figure
    first, last = notices.time_range(here, now).days
    return figures.links_by_day(reads.links_daily(connection, name, first, last), start=first, end=last)


@draws(ids.OWN_REFERRING)
def draw_referring(connection: Connection, name: str, _: Address, __: datetime) -> Any:  # noqa: ANN401 — components
    return tables.referring(reads.referring(connection, name, limit=SHOWN))


@draws(ids.OWN_NEWEST)
def draw_newest(connection: Connection, name: str, _: Address, __: datetime) -> Any:  # noqa: ANN401 — components
    return tables.newest(reads.newest_links(connection, name, limit=SHOWN))


@draws(ids.OWN_MENTIONS)
def draw_own_mentions(connection: Connection, name: str, here: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    asked = notices.time_range(here, now)
    found = mentions.newest(connection, MentionFilters(domain_name=name), (asked.start, asked.end), limit=SHOWN)
    return tables.mentions(found, now)


notices.tell(blueprint, view=ids.OWN_VIEW, place=ids.OWN_NOTICE, needs=Permission.DOMAINS_READ)
