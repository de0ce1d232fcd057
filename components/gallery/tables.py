from __future__ import annotations

import math
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from components.kit.cards import panel
from components.kit.charts import chart_box, figure
from components.kit.grids import column, grid

if TYPE_CHECKING:
    from dash import html

_ROWS = [
    {"name": "specimen-a", "word": "RUNNING", "symbol": "normal", "progress": 64, "count": 1234},
    {"name": "specimen-b", "word": "PAUSED", "symbol": "standby", "progress": 30, "count": 56},
    {"name": "specimen-c", "word": "STALLED", "symbol": "critical", "progress": 8, "count": 7},
]
_COLUMNS = [
    column("name", "Name", 2),
    column("word", "Status", 2, cellRenderer="MissionStatus"),
    column("progress", "Progress", 2, cellRenderer="MissionProgress"),
    column("count", "Count", 1, type="rightAligned"),
]


def table() -> html.Section:
    rows = grid("specimen-table", _COLUMNS, rows=_ROWS)
    return panel(
        "Table",
        rows,
        name="specimen-table-panel",
        note="three rows",
        age=None,
        explained="A table that the server draws.",
    )


def chart() -> html.Section:
    """A line with its interval, as every forecast is drawn: dashed, in a band."""
    days = list(range(30))
    known = [40 + 12 * math.sin(day / 4) + day for day in days[:20]]
    ahead = [known[-1] + (day - 19) * 0.8 for day in days[19:]]
    spread = [(day - 19) * 1.1 for day in days[19:]]
    low = [value - width for value, width in zip(ahead, spread, strict=True)]
    high = [value + width for value, width in zip(ahead, spread, strict=True)]
    drawn = figure(
        go.Scatter(x=days[19:], y=low, line={"width": 0}, hoverinfo="skip"),
        go.Scatter(x=days[19:], y=high, line={"width": 0}, fill="tonexty", hoverinfo="skip"),
        go.Scatter(x=days[:20], y=known, name="told"),
        go.Scatter(x=days[19:], y=ahead, line={"dash": "dash"}, name="expected"),
    )
    return panel(
        "Chart",
        chart_box("specimen", drawn),
        name="specimen-chart",
        note="things a day · 30 days",
        age=None,
        explained="A line with its interval, as every forecast is drawn.",
        chart=True,
    )
