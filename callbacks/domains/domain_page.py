"""A domain's own page: what is known of it, what it is worth, how that came about, and who links to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dash import Input, State
from pydantic import ValidationError

from callbacks.blueprint import CallbackBlueprint
from callbacks.panels import Panels
from components.domains import domain_page as page
from components.domains import figures, ids, tables
from components.domains import value as calculator
from components.domains.tiles import SHOWS
from components.kit import notices
from data import clock
from data.domains import reads
from data.domains.inputs import DomainPath, MentionFilters
from data.domains.mentions import mention_reads
from data.domains.valuation import values
from data.errors import BadInput
from data.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from callbacks.panels import Draw, Reader
    from components.kit.address import Address
    from data.timerange import TimeRange


class Question(NamedTuple):
    name: str
    range: TimeRange
    now: datetime


def parse(here: Address, given: object) -> Question:
    now = clock.now()
    try:
        name = DomainPath.model_validate({"domain_name": given}).domain_name
    except ValidationError:
        raise BadInput("Not a valid domain name (example: acme.io).") from None
    return Question(name, notices.time_range(here, now), now)


blueprint = CallbackBlueprint("domain")
panels = Panels(
    blueprint,
    needs=Permission.DOMAINS_READ,
    view=ids.OWN_VIEW,
    of=State(ids.OWN_NAME, "data"),
    question=parse,
    stamp=ids.STAMP,
    views=SHOWS,
    stamped=False,
)

SHOWN = 50
WATCHED = Input(ids.ACTED, "data")


@panels.children(ids.OWN_FACTS, inputs=[WATCHED])
def draw_facts(asked: Question, read: Reader) -> Draw:
    found = read.now(lambda connection: reads.get_domain(connection, asked.name))
    return lambda: page.facts(found, asked.now) if found else page.unknown(asked.name)


@panels.children(ids.OWN_VALUE)
def draw_own_value(asked: Question, read: Reader) -> Draw:
    found = read.now(lambda connection: values.value(connection, asked.name, asked.now)[0])
    return lambda: calculator.valuation(found, linked=False)


@panels.children(ids.OWN_HISTORY)
def draw_history(asked: Question, read: Reader) -> Draw:
    found = read.now(lambda connection: reads.list_history(connection, asked.name, limit=SHOWN))
    return lambda: tables.history(found)


@panels.figure(ids.OWN_LINKS)
def draw_links(asked: Question, read: Reader) -> Draw:
    first, last = asked.range.days
    frame = read(reads.links_daily, asked.name, first, last)
    return lambda: figures.links_by_day(frame, start=first, end=last)


@panels.children(ids.OWN_REFERRING)
def draw_referring(asked: Question, read: Reader) -> Draw:
    found = read.now(lambda connection: reads.list_referring(connection, asked.name, limit=SHOWN))
    return lambda: tables.referring(found)


@panels.children(ids.OWN_NEWEST)
def draw_newest(asked: Question, read: Reader) -> Draw:
    found = read.now(lambda connection: reads.list_newest_links(connection, asked.name, limit=SHOWN))
    return lambda: tables.newest(found)


@panels.children(ids.OWN_MENTIONS)
def draw_own_mentions(asked: Question, read: Reader) -> Draw:
    wanted, span = MentionFilters(domain_name=asked.name), (asked.range.start, asked.range.end)
    found = read.now(lambda connection: mention_reads.list_newest(connection, wanted, span, limit=SHOWN))
    return lambda: tables.mentions(found, asked.now)


panels.notice(ids.OWN_NOTICE)
