"""The mission board: a live grid of running, queued and paused missions.

`assets/js/areas/missions-cells.js` draws its cells.
"""

from __future__ import annotations

from typing import Any

import dash_ag_grid
from dash import html

from components.kit import grids, live
from components.kit.cards import panel
from components.kit.exports import RANGE, Export
from components.kit.states import live_empty
from components.missions import ids


def _column(field: str, title: str, flex: float, **options: Any) -> dict[str, Any]:  # noqa: ANN401 — the grid's own options
    return {"field": field, "headerName": title, "flex": flex, "minWidth": round(flex * 80), **options}


def _number(field: str, title: str) -> dict[str, Any]:
    return _column(field, title, 1, type="rightAligned", valueFormatter={"function": "wholeNumber(params.value)"})


COLUMNS = [
    _column("job_id", "Mission", 1.2, cellRenderer="MissionLink"),
    _column("word", "Status", 2.6, cellRenderer="MissionStatus"),
    _column("job_type", "Type", 1.9),
    _column("target", "Target", 2),
    _column("progress", "Progress", 1.7, cellRenderer="MissionProgress"),
    _column("priority", "Prio", 0.8, type="rightAligned"),
    _number("pages_crawled", "Pages"),
    _number("pages_queued", "Found"),
    _number("links_found", "Links"),
    _number("errors", "Errors"),
    _column("satellites", "Satellites", 1.6),
]


def board() -> html.Section:
    grid = dash_ag_grid.AgGrid(
        id=ids.BOARD,
        columnDefs=COLUMNS,
        rowData=[],
        getRowId="params.data.job_id",
        defaultColDef={"sortable": True, "resizable": True},
        dashGridOptions=grids.OPTIONS,
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
    exports = [Export("missions", RANGE)]
    return panel("Mission board", grid, feed, waiting, name="board", note=live.value("view.said.jobs"), exports=exports)


def _api() -> html.A:
    return html.A("API", href="/api/v1/docs")
