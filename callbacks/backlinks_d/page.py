"""The Backlinks page: every panel answers the question that the address asks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from dash import ALL, ClientsideFunction, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks import backlinks_rows as rows
from callbacks import notices, wires
from callbacks.backlinks_question import STAMP, ask, from_address, targets
from callbacks.blueprint import CallbackBlueprint
from components.backlinks import cards, changes, figures, filters, ids
from components.kit import address, charts
from components.shell import ids as shell
from data.backlinks import summary
from data.backlinks.question import NAMES
from data.backlinks.reads import lists, rivals, totals
from data.backlinks.velocity import velocity
from data.errors import BadInput, NotFound
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    import plotly.graph_objects as go
    from dash.development.base_component import Component

    from data.backlinks.inputs import Question

blueprint = CallbackBlueprint("backlinks")
NEEDS = Permission.BACKLINKS_READ
FILTERS: notices.Known = {"vs": "several", "compare": "one"} | dict.fromkeys(NAMES, "one")
ASKED = (Input(ids.VIEW, "data"), Input(ids.STAMP, "data"))

T = TypeVar("T")


def answered(view: address.Parts, answer: Callable[[Question], T], instead: Callable[[str], T]) -> T:
    """What the address asks for, or what is said instead where it asks for nothing there is."""
    try:
        return answer(from_address(address.read(view)))
    except (BadInput, NotFound) as error:
        return instead(error.detail)


def _chart(chart: str, draw_it: Callable[[Question], go.Figure]) -> None:
    @blueprint.callback(Output(charts.slot(chart), "data"), *ASKED, needs=NEEDS)
    def draw(view: address.Parts, _: object) -> go.Figure:
        return answered(view, draw_it, charts.nothing)


def _table(grid: str, note: str | None, list_them: Callable[[Question], tuple[list[rows.Row], str]]) -> None:
    outputs = [Output(grid, "rowData"), *([Output(note, "children")] if note else [])]

    @blueprint.callback(*outputs, *ASKED, needs=NEEDS)
    def fill(view: address.Parts, _: object) -> Any:  # noqa: ANN401 — rows, with or without the words beside them
        found, words = answered(view, list_them, lambda _: ([], ""))
        return (found, words) if note else found


_chart(ids.VELOCITY, lambda q: figures.velocity(velocity(ask(totals.daily, q), q), question=q, updates=rows.updates(q)))
_chart(ids.AUTHORITY, lambda q: figures.authority(ask(rivals.bands, q), question=q))
_chart(ids.RADAR, lambda q: figures.radar(ask(lists.recent, replace(q, rows=lists.BLIPS)), question=q))
_chart(ids.TOXIC, lambda q: figures.toxic(ask(totals.daily, q), question=q))
_table(ids.BOARD, None, rows.board)
_table(ids.LOST, ids.LOST_NOTE, rows.lost)
_table(ids.INTERSECT, ids.INTERSECT_NOTE, rows.intersect)
_table(ids.ANCHORS, ids.ANCHORS_NOTE, rows.anchors)
_table(ids.SIGNALS, ids.SIGNALS_NOTE, rows.signals)
_table(ids.MARKERS, ids.MARKERS_NOTE, rows.markers)


@blueprint.callback(Output(ids.CARDS, "children"), *ASKED, needs=NEEDS)
def count(view: address.Parts, _: object) -> list[Component]:
    compare = address.read(view).value("compare") != "off"

    def draw(q: Question) -> list[Component]:
        return [*cards.cards(summary.summary(ask(totals.daily, q), ask(totals.last_day, q), q), compare=compare)]

    return answered(view, draw, lambda _: [*cards.unknown()])


@blueprint.callback(Output(ids.CHANGED, "children"), *ASKED, needs=NEEDS)
def compare_with_before(view: address.Parts, _: object) -> list[Component]:
    def draw(q: Question) -> list[Component]:
        return [*changes.changes(summary.compared(ask(totals.daily, q), q), q)]

    return answered(view, draw, lambda _: [changes.nothing()])


@blueprint.callback(Output(ids.VELOCITY_NOTE, "children"), *ASKED, needs=NEEDS)
def tell_velocity(view: address.Parts, _: object) -> str:
    def words(q: Question) -> str:
        known = velocity(ask(totals.daily, q), q).ahead is not None
        ahead = "14-day forecast, 80 % interval" if known else "no forecast: needs 63 days, and a range up to today"
        return f"links a day · drag to zoom, all panels follow · {ahead}"

    return answered(view, words, lambda _: "")


@blueprint.callback(
    Output(ids.NOTICE, "children"),
    Output(ids.CHIPS, "children"),
    Output(ids.SPAN, "children"),
    Output(ids.REPLAY_DAYS, "data"),
    *ASKED,
    needs=NEEDS,
)
def tell(view: address.Parts, _: object) -> tuple[str, list[Component], str, dict[str, str] | None]:
    here = address.read(view)
    chosen = {name: word for name in filters.CHIPS if (word := here.value(name))}
    said = answered(view, rows.said, notices.sentence)
    more = notices.sentences(each for each in notices.filter_faults(here, FILTERS) if each not in said.lower())
    days = answered(view, lambda q: {"first": q.start.isoformat(), "last": q.end.isoformat()}, lambda _: None)
    return f"{said} {more}".strip(), filters.chips(chosen), filters.span_words(here.start, here.end), days


@blueprint.callback(
    Output(ids.filter_("target"), "options"),
    Output(ids.filter_("target"), "placeholder"),
    Output(ids.filter_("vs"), "options"),
    Output(ids.filter_("vs"), "placeholder"),
    *ASKED,
    needs=NEEDS,
)
def offer(view: address.Parts, _: object) -> tuple[list[str], str, list[str], str]:
    """What there is to choose from, and what is chosen while the address leaves it open."""
    here = address.read(view)
    known = targets()
    target, beside = answered(view, lambda q: (q.target, f"{len(q.rivals)} competitors"), lambda _: ("none", "none"))
    return _with(here.values("target"), known), target, _with(here.values("vs"), known), beside


def _with(chosen: tuple[str, ...], known: list[str]) -> list[str]:
    """A choice that is no option would be taken out of its control."""
    return list(dict.fromkeys([*chosen, *known]))


@blueprint.callback(Output(ids.STAMP, "data"), Input(shell.STAMPS, "data"), State(ids.STAMP, "data"), needs=NEEDS)
def notice(stamps: dict[str, Any] | None, last: int | None) -> int:
    """Only a refresh of our own view is worth asking again."""
    version = ((stamps or {}).get(STAMP) or {}).get("version")
    if not isinstance(version, int) or version == last:
        raise PreventUpdate
    return version


wires.filters(blueprint, ids.filter_(ALL))
wires.replay(blueprint, ids.REPLAY, ids.REPLAY_DAYS)
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
blueprint.clientside(
    ClientsideFunction("backlinks", "span"),
    Output(shell.SINK, "data", allow_duplicate=True),
    Input(ids.SPAN_APPLY, "n_clicks"),
    State(ids.SPAN_FROM, "value"),
    State(ids.SPAN_TO, "value"),
    prevent_initial_call=True,
)
