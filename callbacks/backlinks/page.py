"""The Backlinks page: every panel answers the question that the address asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dash import ALL, ClientsideFunction, Input, Output, State

from callbacks import clientside
from callbacks.backlinks import rows
from callbacks.backlinks.query import VIEWS, list_targets, parse_address, parse_address_with_faults, run_query
from callbacks.blueprint import CallbackBlueprint
from callbacks.panels import Draw, Panels, Reader
from callbacks.web.api import release
from components.backlinks import cards, changes, figures, filters, ids
from components.backlinks.layout import first_steps
from components.kit import address, charts, notices
from components.shell import ids as shell
from data import quantities
from data.backlinks.analysis import summary
from data.backlinks.analysis.velocity import velocity
from data.backlinks.query import NAMES
from data.backlinks.reads import competitors, daily_counts, lists
from data.errors import BadInput, NotFound
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from dash.development.base_component import Component

    from components.kit.address import Address
    from data.backlinks.inputs import Question

blueprint = CallbackBlueprint("backlinks")
NEEDS = Permission.BACKLINKS_READ
FILTERS: notices.Known = {"vs": "several", "compare": "one"} | dict.fromkeys(NAMES, "one")
panels = Panels(blueprint, needs=NEEDS, view=ids.VIEW, question=parse_address, stamp=ids.STAMP, views=VIEWS)


@panels.figure(ids.VELOCITY)
def draw_velocity(q: Question, _: Reader) -> Draw:
    found, updates = velocity(run_query(daily_counts.list_days, q), q), rows.updates(q)
    return lambda: figures.velocity(found, question=q, updates=updates)


@panels.figure(ids.AUTHORITY)
def draw_authority(q: Question, _: Reader) -> Draw:
    bands = run_query(competitors.list_bands, q)
    return lambda: figures.authority(bands, question=q)


@panels.figure(ids.RADAR)
def draw_radar(q: Question, _: Reader) -> Draw:
    recent = run_query(lists.list_recent, replace(q, rows=lists.BLIPS))
    return lambda: figures.radar(recent, question=q)


@panels.figure(ids.TOXIC)
def draw_toxic(q: Question, _: Reader) -> Draw:
    daily = run_query(daily_counts.list_days, q)
    return lambda: figures.toxic(daily, question=q)


def _table(grid: str, note: str | None, list_them: Callable[[Question], tuple[list[rows.Row], str]]) -> None:
    @panels.rows(grid, note=note)
    def fill(q: Question, _: Reader) -> Draw:
        found = list_them(q)
        return lambda: found if note else found[0]


_table(ids.BOARD, None, rows.board)
_table(ids.LOST, ids.LOST_NOTE, rows.lost)
_table(ids.INTERSECT, ids.INTERSECT_NOTE, rows.intersect)
_table(ids.ANCHORS, ids.ANCHORS_NOTE, rows.anchors)
_table(ids.SIGNALS, ids.SIGNALS_NOTE, rows.signals)
_table(ids.MARKERS, ids.MARKERS_NOTE, rows.markers)


def with_comparison(here: Address) -> tuple[Question, bool]:
    return parse_address(here), here.value("compare") != "off"


compared = Panels(
    blueprint, needs=NEEDS, view=ids.VIEW, question=with_comparison, stamp=ids.STAMP, views=VIEWS, stamped=False
)


@compared.children(ids.CARDS, fallback=lambda _: [*cards.unknown()])
def count(asked: tuple[Question, bool], _: Reader) -> Draw:
    q, compare = asked
    found = summary.summary(run_query(daily_counts.list_days, q), run_query(daily_counts.get_last_day, q), q)
    return lambda: [*cards.cards(found, compare=compare, is_open=q.until < q.close)]


@panels.children(ids.CHANGED, fallback=lambda _: [changes.nothing()])
def compare_with_before(q: Question, _: Reader) -> Draw:
    found = summary.compared(run_query(daily_counts.list_days, q), q)
    return lambda: [*changes.changes(found, q)]


@panels.children(ids.VELOCITY_NOTE, fallback=lambda _: "")
def tell_velocity(q: Question, _: Reader) -> Draw:
    known = velocity(run_query(daily_counts.list_days, q), q).ahead is not None
    ahead = "14-day forecast, 80 % interval" if known else "no forecast: needs 63 days, and a range up to today"
    return lambda: f"links per day · drag to zoom, all panels follow · {ahead}"


def faults(here: Address, _: Reader) -> list[str]:
    """Where the page shows something, what a person should know of it before reading the panels; mostly nothing."""
    q, wrong = parse_address_with_faults(here)
    if here.value("compare") not in (None, "", "off"):
        wrong.append(notices.left_out("compare: must be off"))
    return [*wrong, *rows.said(q)]


panels.notice(ids.NOTICE, known=FILTERS, check=faults, usual="the last 90 days")


@blueprint.callback(
    Output(ids.CHIPS, "children"),
    Output(ids.REPLAY_DAYS, "data"),
    Output(ids.control("target"), "options"),
    Output(ids.control("target"), "placeholder"),
    Output(ids.control("vs"), "options"),
    Output(ids.control("vs"), "placeholder"),
    Input(ids.VIEW, "data"),
    Input(ids.STAMP, "data"),
    needs=NEEDS,
)
def show_choice(view: address.Parts, _: object) -> tuple[Any, ...]:
    """What is chosen, what there is to choose from, and what is chosen while the address leaves it open."""
    here, known = address.parse(view), list_targets()
    try:
        q = parse_address(here)
        target, beside = q.target, quantities.count(len(q.rivals), "competitor")
        days = {"first": q.start.isoformat(), "last": q.end.isoformat()}
    except (BadInput, NotFound):
        target, beside, days = "none", "none", None
    release()
    chips = filters.chips({name: word for name in filters.CHIPS if (word := here.value(name))})
    offered = (_with(here.values("target"), known), target, _with(here.values("vs"), known), beside)
    return chips, days, *offered


def _with(chosen: tuple[str, ...], known: list[str]) -> list[str]:
    """A choice that is no option would be taken out of its control."""
    return list(dict.fromkeys([*chosen, *known]))


@blueprint.callback(Output(ids.FIRST_STEPS, "children"), Input(ids.VIEW, "data"), Input(ids.STAMP, "data"), needs=NEEDS)
def show_first_steps(_view: address.Parts, _stamp: object) -> list[Component]:
    """Where no link is known yet, what to do first."""
    known = list_targets()
    release()
    return [] if known else [first_steps()]


clientside.filters(blueprint, ids.control(ALL))
clientside.replay(blueprint, ids.REPLAY, ids.REPLAY_DAYS)
for chart in (ids.VELOCITY, ids.TOXIC):
    blueprint.clientside(
        ClientsideFunction("backlinks", "zoom"),
        Output(shell.SINK, "data", allow_duplicate=True),
        Input(charts.graph(chart), "relayoutData"),
        prevent_initial_call=True,
    )
for chart, reaction in ((ids.VELOCITY, "day"), (ids.TOXIC, "day"), (ids.AUTHORITY, "cell"), (ids.RADAR, "blip")):
    blueprint.clientside(
        ClientsideFunction("backlinks", reaction),
        Output(shell.SINK, "data", allow_duplicate=True),
        Input(charts.graph(chart), "clickData"),
        prevent_initial_call=True,
    )
for grid in (ids.BOARD, ids.LOST, ids.INTERSECT, ids.ANCHORS, ids.SIGNALS, ids.MARKERS):
    blueprint.clientside(
        ClientsideFunction("backlinks", grid.removeprefix("backlinks-")),
        Output(shell.SINK, "data", allow_duplicate=True),
        Input(grid, "cellClicked"),
        State(grid, "rowData"),
        prevent_initial_call=True,
    )
