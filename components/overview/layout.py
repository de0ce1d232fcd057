from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dash import html

from components.kit import address, live, notices, view_versions
from components.kit.commands import command, satellite_commands
from components.kit.page_header import notice
from components.kit.states import link
from components.overview import ids
from components.overview.board import BOARD
from components.overview.panels import PANELS, Panel
from components.overview.widgets import slots
from data import clock
from data.areas import CHARTS

SHOWS = tuple(sorted({chart.view for chart in CHARTS.values() if chart.view}))

if TYPE_CHECKING:
    from data.layouts.rules import Place, Screen


def _first_steps() -> html.Section:
    steps = [
        html.Li([html.Strong("Start a satellite: "), *satellite_commands()], **_done("view.has.fleet")),
        html.Li(
            html.Span([html.Strong("Submit a mission"), " on the ", link("Missions page", "/missions"), "."]),
            **_done("view.has.jobs"),
        ),
        html.Li(
            html.Span([html.Strong("Or send rows of your own"), ": ", html.Code("POST /api/v1/ingest/backlinks")]),
        ),
        html.Li(
            [html.Strong("Or see it moving first: "), command("make run SIMULATE=1")],
        ),
    ]
    return html.Section(
        [html.H2("This wall has no data yet"), html.Ol(steps)],
        className="panel first-steps",
        **(live.attrs(aria_label="First steps") | live.shown("view.empty.wall")),
    )


def _done(path: str) -> live.Attributes:
    return live.attributes(data_done=path)


def _area(screen: Screen, place: Place) -> str:
    """On a laptop panels follow each other, so that a folded one leaves no hole."""
    if screen == "laptop":
        return f"span {place.h} / span {place.w}"
    return f"{place.y + 1} / {place.x + 1} / span {place.h} / span {place.w}"


def _placed(panel: Panel) -> html.Div:
    """The panel in its cell. The style sheet picks the place of the screen it is on, before any script runs."""
    kind = "place place-card" if panel.name.startswith("card-") else "place"
    places = {f"--{screen}": _area(screen, place) for screen, place in panel.places.items()}
    return html.Div(panel.build(), className=kind, style=places, **live.attrs(data_panel=panel.name))


def _title(panel: Panel) -> str:
    """Figures and panels of one name are told apart in lists."""
    return f"{panel.title} (figure)" if panel.name.startswith("card-") else panel.title


def _board() -> dict[str, Any]:
    """What the browser must know to arrange: the usual places, the least sizes, the names."""
    return {
        "columns": BOARD.columns,
        "rows": BOARD.rows,
        "fixed": sorted(BOARD.fixed),
        "panels": BOARD.panels,
        "least": BOARD.least,
        "slots": sorted(BOARD.slots, key=lambda slot: (len(slot), slot)),
        "titles": {panel.name: _title(panel) for panel in PANELS},
    }


def _said(here: address.Address) -> str:
    return notices.sentences([*notices.filter_faults(here, {}), *notices.range_faults(here, clock.now())])


def layout(here: address.Address = address.BARE) -> html.Div:
    board = html.Div(
        [*(_placed(panel) for panel in PANELS), *slots()],
        className="board",
        id=ids.BOARD,
        **live.attrs(data_board=json.dumps(_board())),
    )
    return html.Div(
        [
            html.H1("Overview", className="sr-only"),
            address.store(ids.VIEW, here),
            view_versions.store(ids.STAMP, *SHOWS),
            notice(ids.NOTICE, _said(here)),
            _first_steps(),
            board,
        ],
        className="page overview",
    )
