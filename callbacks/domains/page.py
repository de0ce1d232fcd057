"""The Domains page: each panel is drawn when the address or its views changed, and those that show what is watched
after a press too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from dash import ALL, Input, Output, State
from dash.exceptions import PreventUpdate
from flask import g
from pydantic import ValidationError

from callbacks import clientside
from callbacks.actions import perform
from callbacks.blueprint import CallbackBlueprint
from callbacks.domains import domain_page
from callbacks.domains.filters import FILTERS, faults, hunter_filters, mention_filters
from callbacks.panels import Panels
from callbacks.web.api import db
from components.domains import cards, figures, ids, tables
from components.domains import value as calculator
from components.domains.tiles import SHOWS
from components.kit import notices
from components.kit.states import empty
from components.kit.timestamps import timestamp
from data import clock
from data.domains import portfolios, reads, writes
from data.domains.inputs import DomainPath, HunterFilters, MentionFilters, Weights
from data.domains.mentions import mention_reads
from data.domains.valuation import values
from data.errors import BadInput
from data.permissions import Permission
from data.quantities import count

if TYPE_CHECKING:
    from datetime import date, datetime

    import pandas as pd
    from sqlalchemy import Connection

    from callbacks.panels import Chart, Draw, Reader
    from components.kit.address import Address
    from components.kit.toasts import Toast
    from data.timerange import TimeRange


class Question(NamedTuple):
    hunted: HunterFilters
    heard: MentionFilters
    value: str | None
    range: TimeRange
    now: datetime


def parse(here: Address) -> Question:
    now = clock.now()
    return Question(
        hunter_filters(here), mention_filters(here), here.value("value"), notices.time_range(here, now), now
    )


blueprint = CallbackBlueprint("domains")
blueprint.include(domain_page.blueprint)
panels = Panels(blueprint, needs=Permission.DOMAINS_READ, view=ids.VIEW, question=parse, stamp=ids.STAMP, views=SHOWS)

SHOWN = 100
WATCHED = Input(ids.ACTED, "data")


@panels.children(ids.CARDS, inputs=[WATCHED])
def draw_cards(asked: Question, read: Reader) -> Draw:
    found = read.now(lambda connection: reads.summary(connection, asked.now))
    return lambda: cards.cards(found)


@panels.children(ids.HUNTER, ids.HUNTER_NOTE, inputs=[WATCHED])
def draw_hunter(asked: Question, read: Reader) -> Draw:
    found, total = read.now(
        lambda connection: (
            reads.list_hunted(connection, asked.hunted, asked.now, limit=SHOWN, after=None),
            reads.count_hunted(connection, asked.hunted, asked.now),
        )
    )
    return lambda: (tables.hunted(found, asked.now), counted(total))


def counted(found: int) -> str:
    most = "more than 10,000" if found >= reads.COUNTED else f"{found:,}"
    return f"showing {SHOWN} of {most}" if found > SHOWN else count(found, "domain")


@panels.children(ids.OPPORTUNITIES, inputs=[WATCHED])
def draw_opportunities(_: Question, read: Reader) -> Draw:
    found = read.now(lambda connection: reads.list_opportunities(connection, limit=SHOWN))
    return lambda: tables.opportunities(found)


@panels.children(ids.WATCHED, inputs=[WATCHED])
def draw_watched(asked: Question, read: Reader) -> Draw:
    found = read.now(lambda connection: reads.watch_list(connection, limit=SHOWN))
    return lambda: tables.watched(found, asked.now)


def all_mentions(connection: Connection, start: date, end: date) -> pd.DataFrame:
    return mention_reads.count_daily(connection, MentionFilters(), start, end)


# What a board may show too, under the names of the manifest.
CHARTS: dict[str, Chart] = {
    "portfolios_over_time": (portfolios.list_over_time, figures.portfolios_over_time),
    "mentions_by_day": (all_mentions, figures.mentions_by_day),
}


@panels.figure(ids.PORTFOLIOS)
def draw_portfolios(asked: Question, read: Reader) -> Draw:
    first, last = asked.range.days
    found = read(portfolios.list_over_time, first, last)
    return lambda: figures.portfolios_over_time(found, start=first, end=last)


@panels.children(ids.OWNERS)
def draw_owners(asked: Question, read: Reader) -> Draw:
    found = read(portfolios.list_owners, *asked.range.days, SHOWN)
    return lambda: tables.owners(found, asked.now)


@panels.figure(ids.MENTIONS_BY_DAY)
def draw_mentions_by_day(asked: Question, read: Reader) -> Draw:
    first, last = asked.range.days
    frame = read(mention_reads.count_daily, asked.heard, first, last)
    return lambda: figures.mentions_by_day(frame, start=first, end=last)


@panels.children(ids.MENTIONS)
def draw_mentions(asked: Question, read: Reader) -> Draw:
    span = (asked.range.start, asked.range.end)
    found = read.now(lambda connection: mention_reads.list_newest(connection, asked.heard, span, limit=SHOWN))
    return lambda: tables.mentions(found, asked.now)


@panels.children(ids.BRANDS, ids.FEEDS)
def draw_brands(asked: Question, read: Reader) -> Draw:
    brands, feeds = read.now(
        lambda connection: (
            mention_reads.list_brands_seen(connection, *asked.range.days),
            mention_reads.list_feeds(connection),
        )
    )
    return lambda: (tables.brands(brands), tables.feeds(feeds, asked.now))


@panels.children(ids.VALUE, inputs=[WATCHED])
def draw_value(asked: Question, read: Reader) -> Draw:
    if not asked.value:
        return lambda: empty("Which domain?", "Enter any domain. Missing data makes the estimate less certain.")
    try:
        name = DomainPath.model_validate({"domain_name": asked.value}).domain_name
    except ValidationError:
        return lambda: empty("Not a valid domain name (example: acme.io).", "")
    found = read.now(lambda connection: values.value(connection, name, asked.now)[0])
    return lambda: calculator.valuation(found, linked=True)


@panels.children(ids.WEIGHTS, inputs=[WATCHED])
def draw_weights(_: Question, read: Reader) -> Draw:
    found = read.now(values.get_weights)
    said = [f"set by {found.changed_by} on ", timestamp(found.changed_at)] if found.changed_at else "default weights"
    return lambda: calculator.weights(found.weights, said)


@blueprint.callback(
    Output(ids.TOAST, "data"),
    Output(ids.ACTED, "data"),
    Input(ids.PRESSED, "data"),
    needs=Permission.DOMAINS_WATCH,
    prevent_initial_call=True,
)
def toggle_watch(pressed: dict[str, Any] | None) -> tuple[Toast, str]:
    def toggle() -> tuple[str, str]:
        try:
            name = DomainPath.model_validate({"domain_name": (pressed or {}).get("value")}).domain_name
        except ValidationError:
            raise BadInput("Not a valid domain name") from None
        return name, writes.toggle_watch(db(), g.actor, name)

    toast, _ = perform(toggle, lambda done: f"{done[0]} is {done[1]}")
    return toast, clock.now().isoformat()


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
    weights = {each.get("factor"): one for each, one in zip(names, given, strict=False)}
    toast, _ = perform(
        lambda: writes.weigh(db(), g.actor, Weights.model_validate(weights), clock.now()),
        lambda _: "Candidates are ranked again",
    )
    return toast, clock.now().isoformat()


panels.notice(ids.NOTICE, known=FILTERS, check=lambda here, _: faults(here))
clientside.filters(blueprint, ids.control(ALL))
clientside.toasts(blueprint, ids.TOAST)
