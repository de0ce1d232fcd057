"""The mission board: a live grid of running, queued and paused missions.

`assets/js/areas/missions-cells.js` draws its cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from components.kit import live
from components.kit.cards import panel
from components.kit.exports import RANGE, Export
from components.kit.grids import column, grid
from components.kit.states import live_empty
from components.missions import ids

if TYPE_CHECKING:
    from components.kit.grids import Column


def _number(field: str, title: str) -> Column:
    return column(field, title, 1, type="rightAligned", valueFormatter={"function": "wholeNumber(params.value)"})


COLUMNS = [
    column("job_id", "Mission", 1.2, cellRenderer="MissionLink"),
    column("word", "Status", 2.6, cellRenderer="MissionStatus"),
    column("job_type", "Type", 1.9, least=204),
    column("target", "Target", 2),
    column("progress", "Progress", 1.7, cellRenderer="MissionProgress"),
    column("priority", "Priority", 0.8, type="rightAligned"),
    _number("pages_crawled", "Pages"),
    _number("pages_queued", "Waiting"),
    _number("links_found", "Links"),
    _number("errors", "Errors"),
    column("satellites", "Satellites", 1.6),
]


def board() -> html.Section:
    rows = grid(ids.BOARD, COLUMNS, row_id="job_id", rows=[])
    feed = html.Div(
        hidden=True, **live.attrs(data_live_feed="view.board", data_feed_to=ids.BOARD, data_feed_prop="rowData")
    )
    waiting = live_empty(
        "view.empty.jobs",
        "No mission is running, queued or paused.",
        "Submit one with the form, or send it to the ",
        _api(),
    )
    exports = [Export("missions", RANGE)]
    return panel(
        "Mission board",
        *(rows, feed, waiting),
        name="board",
        note=live.value("view.said.jobs"),
        explained="Every mission that runs, waits or rests, with its satellites. Pages are those fetched, "
        "Waiting those "
        "found and not yet fetched. The file holds all missions created in the range.",
        exports=exports,
    )


def _api() -> html.A:
    return html.A("API", href="/api/v1/docs")
