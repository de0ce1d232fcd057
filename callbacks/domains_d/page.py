"""The Domains page: each panel is drawn when the address, the views or the watch list changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import ALL, Input, Output, State
from dash.exceptions import PreventUpdate
from flask import g
from pydantic import ValidationError

from callbacks import domain, notices, wires
from callbacks.blueprint import CallbackBlueprint
from callbacks.domains_filters import FILTERS, faults, heard, hunter
from callbacks.http.api import services
from components.domains import cards, figures, ids, tables
from components.domains import value as calculator
from components.kit import address, charts
from components.kit.moments import moment
from components.kit.states import empty
from components.kit.toasts import done, refused
from data import clock
from data.db import transaction
from data.deadline import reading
from data.domains import mentions, portfolios, reads, values, writes
from data.domains.inputs import DomainPath, Weights
from data.errors import BadInput, Conflict, NotFound, Unavailable
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Connection

    from components.kit.address import Address
    from components.kit.toasts import Toast

blueprint = CallbackBlueprint("domains")
blueprint.include(domain.blueprint)

SHOWN = 100
SAID = (BadInput, Conflict, NotFound, Unavailable)


def draws(place: str) -> Callable[[Callable[[Connection, Address, datetime], Any]], Callable[..., Any]]:
    """The function draws the content of `place`; asked when the address, the views or the watch list changed."""

    def wire(draw: Callable[[Connection, Address, datetime], Any]) -> Callable[..., Any]:
        chart = place in (ids.PORTFOLIOS, ids.MENTIONS_BY_DAY)

        def answer(view: address.Parts, _stamps: object, _acted: object) -> Any:  # noqa: ANN401 — components or a figure
            with reading(services().engine) as connection:
                return draw(connection, address.read(view), clock.now())

        answer.__name__ = draw.__name__
        return blueprint.callback(
            Output(charts.slot(place), "data") if chart else Output(place, "children"),
            Input(ids.VIEW, "data"),
            Input(ids.STAMP, "data"),
            Input(ids.ACTED, "data"),
            needs=Permission.DOMAINS_READ,
        )(answer)

    return wire


@draws(ids.CARDS)
def draw_cards(connection: Connection, _: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    return cards.cards(reads.summary(connection, now))


@draws(ids.HUNTER)
def draw_hunter(connection: Connection, here: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    return tables.hunted(reads.hunted(connection, hunter(here), now, limit=SHOWN, after=None), now)


@draws(ids.HUNTER_NOTE)
def count_hunter(connection: Connection, here: Address, now: datetime) -> str:
    found = reads.count_hunted(connection, hunter(here), now)
    most = "10,000 and more" if found >= reads.COUNTED else f"{found:,}"
    return f"{most} domains · the first {SHOWN}" if found > SHOWN else f"{most} domains"


@draws(ids.OPPORTUNITIES)
def draw_opportunities(connection: Connection, _: Address, __: datetime) -> Any:  # noqa: ANN401 — components
    return tables.opportunities(reads.opportunities(connection, limit=SHOWN))


@draws(ids.WATCHED)
def draw_watched(connection: Connection, _: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    return tables.watched(reads.watch_list(connection, limit=SHOWN), now)


@draws(ids.PORTFOLIOS)
def draw_portfolios(connection: Connection, here: Address, now: datetime) -> Any:  # noqa: ANN401 — a figure
    first, last = notices.time_range(here, now).days
    return figures.portfolios_over_time(portfolios.over_time(connection, first, last), start=first, end=last)


@draws(ids.OWNERS)
def draw_owners(connection: Connection, here: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    return tables.owners(portfolios.owners(connection, *notices.time_range(here, now).days, limit=SHOWN), now)


@draws(ids.MENTIONS_BY_DAY)
def draw_mentions_by_day(connection: Connection, here: Address, now: datetime) -> Any:  # noqa: ANN401 — a figure
    first, last = notices.time_range(here, now).days
    return figures.mentions_by_day(mentions.daily(connection, heard(here), first, last), start=first, end=last)


@draws(ids.MENTIONS)
def draw_mentions(connection: Connection, here: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    asked = notices.time_range(here, now)
    found = mentions.newest(connection, heard(here), (asked.start, asked.end), limit=SHOWN)
    return tables.mentions(found, now)


@draws(ids.BRANDS)
def draw_brands(connection: Connection, here: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    return tables.brands(mentions.brands_seen(connection, *notices.time_range(here, now).days))


@draws(ids.FEEDS)
def draw_feeds(connection: Connection, _: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    return tables.feeds(mentions.feeds(connection), now)


@draws(ids.VALUE)
def draw_value(connection: Connection, here: Address, now: datetime) -> Any:  # noqa: ANN401 — components
    asked = here.value("value")
    if not asked:
        return empty("Which domain?", "Enter any domain. Missing data makes the estimate less certain.")
    try:
        name = DomainPath.model_validate({"domain_name": asked}).domain_name
    except ValidationError:
        return empty("That is no domain name.", "Write it like acme.io.")
    return calculator.valuation(values.value(connection, name, now)[0], linked=True)


@draws(ids.WEIGHTS)
def draw_weights(connection: Connection, _: Address, __: datetime) -> Any:  # noqa: ANN401 — components
    found = values.weighing(connection)
    said = [f"set by {found.changed_by} on ", moment(found.changed_at)] if found.changed_at else "the usual ones"
    return calculator.weights(found.weights, said)


@blueprint.callback(
    Output(ids.TOAST, "data"),
    Output(ids.ACTED, "data"),
    Input(ids.PRESSED, "data"),
    needs=Permission.DOMAINS_WATCH,
    prevent_initial_call=True,
)
def toggle_watch(pressed: dict[str, Any] | None) -> tuple[Toast, str]:
    try:
        name = DomainPath.model_validate({"domain_name": (pressed or {}).get("value")}).domain_name
        with transaction(services().engine) as connection:
            said = writes.toggle_watch(connection, g.actor, name)
    except ValidationError:
        return refused("That is no domain name"), ""
    except SAID as error:
        return refused(error.detail), ""
    return done(f"{name} is {said}"), clock.now().isoformat()


@blueprint.callback(
    Output(ids.TOAST, "data", allow_duplicate=True),
    Output(ids.ACTED, "data", allow_duplicate=True),
    Input(ids.WEIGH, "n_clicks"),
    State(ids.weight(ALL), "value"),
    State(ids.weight(ALL), "id"),
    needs=Permission.DOMAINS_MANAGE,
    prevent_initial_call=True,
)
def weigh(clicks: int | None, given: list[Any], names: list[dict[str, str]]) -> tuple[Toast, str]:
    if not clicks:
        raise PreventUpdate
    try:
        chosen = Weights.model_validate({each.get("factor"): one for each, one in zip(names, given, strict=False)})
        with transaction(services().engine) as connection:
            writes.weigh(connection, g.actor, chosen, clock.now())
    except ValidationError as error:
        first = error.errors()[0]
        return refused(f"{'.'.join(map(str, first['loc'])) or 'weights'}: {first['msg']}"), ""
    except SAID as error:
        return refused(error.detail), ""
    return done("Candidates are ranked anew"), clock.now().isoformat()


notices.tell(blueprint, view=ids.VIEW, place=ids.NOTICE, needs=Permission.DOMAINS_READ, known=FILTERS, check=faults)
wires.filters(blueprint, ids.filter_(ALL))
wires.stamps(blueprint, ids.STAMP)
wires.toasts(blueprint, ids.TOAST)
