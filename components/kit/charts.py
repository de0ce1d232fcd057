"""Where a chart stands. The figure comes from a callback without its template; the browser joins the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
from dash import dcc, html

from components.kit.cards import panel
from components.kit.states import skeleton
from components.kit.theme import TEXT_SECOND

if TYPE_CHECKING:
    from components.kit.live import Content

_HIDDEN_AXES = {"xaxis": {"visible": False}, "yaxis": {"visible": False}}
_BLANK = {"data": [], "layout": {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"} | _HIDDEN_AXES}
CONFIG: Any = {"displaylogo": False, "displayModeBar": False, "responsive": True}


def slot(chart: Any) -> dict[str, Any]:  # noqa: ANN401 — a name, or Dash's MATCH
    """The id of the store that a callback puts the figure in."""
    return {"type": "chart-figure", "chart": chart}


def graph(chart: Any) -> dict[str, Any]:  # noqa: ANN401 — a name, or Dash's MATCH
    return {"type": "chart", "chart": chart}


def cover(chart: Any) -> dict[str, Any]:  # noqa: ANN401 — a name, or Dash's MATCH
    """The skeleton that stands there until the first figure."""
    return {"type": "chart-cover", "chart": chart}


def chart_panel(title: str, chart: str, *, note: Content, stamp: str, expected_s: float) -> html.Section:
    """A panel with a chart; `stamp` is the materialized view its age is told from."""
    drawing = dcc.Graph(id=graph(chart), config=CONFIG, className="chart", figure=_BLANK)
    waiting = html.Div(skeleton(5), id=cover(chart), className="chart-cover")
    body = html.Div([dcc.Store(id=slot(chart)), drawing, waiting], className="chart-box")
    return panel(title, body, name=chart, note=note, age=f"stamps.{stamp}.refreshed", expected_s=expected_s)


def figure(*traces: go.Bar | go.Scatter, **layout: object) -> go.Figure:
    """A figure without Plotly's own template: ours is merged in where it is drawn."""
    return go.Figure(list(traces), {"template": "none"} | layout)


def nothing(words: str) -> go.Figure:
    """What a chart without data says."""
    note = {"text": words, "showarrow": False, "font": {"color": TEXT_SECOND}, "xref": "paper", "yref": "paper"}
    return figure(annotations=[note | {"x": 0.5, "y": 0.5}], **_HIDDEN_AXES)
