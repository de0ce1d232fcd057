"""Where a chart stands. The figure comes from a callback without its template; the browser joins the two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
from dash import dcc, html

from components.kit import live
from components.kit.cards import panel
from components.kit.states import failed, skeleton
from components.kit.theme import TEXT_SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from components.kit.exports import Export
    from components.kit.live import Content

_HIDDEN_AXES = {"xaxis": {"visible": False}, "yaxis": {"visible": False}}
BLANK = {"data": [], "layout": {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"} | _HIDDEN_AXES}
CONFIG: Any = {"displaylogo": False, "displayModeBar": False, "responsive": True}


def slot(chart: Any) -> dict[str, Any]:  # noqa: ANN401 — a name, or Dash's MATCH
    """The id of the store that a callback puts the figure in."""
    return {"type": "chart-figure", "chart": chart}


def graph(chart: Any) -> dict[str, Any]:  # noqa: ANN401 — a name, or Dash's MATCH
    return {"type": "chart", "chart": chart}


def cover(chart: Any) -> dict[str, Any]:  # noqa: ANN401 — a name, or Dash's MATCH
    """The skeleton that stands there until the first figure."""
    return {"type": "chart-cover", "chart": chart}


def chart_panel(  # noqa: PLR0913 — a panel is its parts, each named at the call
    title: str,
    chart: str,
    *,
    note: Content,
    stamp: str | None,
    expected_s: float,
    explained: str,
    exports: Sequence[Export] = (),
    board: str | None = None,
) -> html.Section:
    """A panel with a chart; `stamp` is the materialized view its age is told from, None where it tells none."""
    return panel(
        title,
        chart_box(chart),
        name=chart,
        note=note,
        age=f"stamps.{stamp}.refreshed" if stamp else None,
        expected_s=expected_s,
        explained=explained,
        exports=exports,
        chart=True,
        board=board,
    )


def chart_box(chart: str, first: go.Figure | None = None) -> html.Div:
    """The chart with the store it is drawn from; `first` is the figure that it starts with."""
    store = dcc.Store(id=slot(chart), data=first.to_plotly_json() if first else None)
    drawing = dcc.Graph(id=graph(chart), config=CONFIG, className="chart", figure=BLANK)
    waiting = html.Div([skeleton(5), _unanswered()], id=cover(chart), className="chart-cover")
    return html.Div([store, drawing, waiting], className="chart-box")


def _unanswered() -> html.Div:
    """What stands there when the server refused or could not answer; `clientside.js` adds the server's words."""
    return failed("This chart could not be drawn.", html.Span(**live.attrs(data_words="")), hidden=True)


def figure(*traces: go.Bar | go.Scatter, **layout: object) -> go.Figure:
    """A figure without Plotly's own template: ours is merged in where it is drawn."""
    return go.Figure(list(traces), {"template": "none"} | layout)


def grouped(kinds: pd.DataFrame, most: int) -> pd.DataFrame:
    """A column a kind, the most important first: those that find no colour of their own are added up in the last."""
    if kinds.shape[1] <= most:
        return kinds
    rest = kinds.iloc[:, most - 1 :]
    return kinds.iloc[:, : most - 1].assign(**{f"{rest.shape[1]} others": rest.sum(axis="columns")})


def empty_figure(words: str) -> go.Figure:
    """What a chart without data says."""
    note = {"text": words, "showarrow": False, "font": {"color": TEXT_SECOND}, "xref": "paper", "yref": "paper"}
    return figure(annotations=[note | {"x": 0.5, "y": 0.5}], **_HIDDEN_AXES)
