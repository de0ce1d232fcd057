"""The mission board: a live grid of running, queued and paused missions. `assets/grid.js` draws its cells."""

from __future__ import annotations

from typing import Any

import dash_ag_grid
from dash import html

from components.kit import live
from components.kit.cards import panel
from components.kit.states import live_empty
from components.missions import ids


def _column(field: str, title: str, **options: Any) -> dict[str, Any]:  # noqa: ANN401 — the grid's own options
    return {"field": field, "headerName": title, **options}


def _number(field: str, title: str, width: int = 95) -> dict[str, Any]:
    shown = {"function": "wholeNumber(params.value)"}
    return _column(field, title, width=width, type="rightAligned", valueFormatter=shown)


COLUMNS = [
    _column("job_id", "Mission", width=120, cellRenderer="MissionLink", pinned="left"),
    _column("word", "Status", width=165, cellRenderer="MissionStatus"),
    _column("job_type", "Type", width=160),
    _column("target", "Target", minWidth=140, flex=1),
    _column("progress", "Progress", width=150, cellRenderer="MissionProgress"),
    _column("priority", "Prio", width=75, type="rightAligned"),
    _number("pages_crawled", "Pages"),
    _number("pages_queued", "Found", 95),
    _number("links_found", "Links"),
    _number("errors", "Errors", 85),
    _column("satellites", "Satellites", minWidth=120, flex=1),
]

OPTIONS = {
    "animateRows": False,
    "rowHeight": 36,
    "headerHeight": 36,
    "suppressCellFocus": False,
    "enableCellTextSelection": True,
    "ensureDomOrder": True,
    "overlayNoRowsTemplate": "<span></span>",
    "theme": {"function": "missionControlTheme(themeQuartz)"},
}


def board() -> html.Section:
    grid = dash_ag_grid.AgGrid(
        id=ids.BOARD,
        columnDefs=COLUMNS,
        rowData=[],
        getRowId="params.data.job_id",
        defaultColDef={"sortable": True, "filter": True, "resizable": True},
        dashGridOptions=OPTIONS,
        className="grid",
    )
    feed = html.Div(
        hidden=True, **live.marks(data_live_feed="view.board", data_feed_to=ids.BOARD, data_feed_prop="rowData")
    )
    waiting = live_empty(
        "view.empty.jobs",
        "No mission is running, queued or paused.",
        "Submit one with the form, or send it to the ",
        _api(),
    )
    return panel("Mission board", grid, feed, waiting, name="board", note=live.value("view.said.jobs"))


def _api() -> html.A:
    return html.A("API", href="/api/v1/docs")
