"""The curve of a signal with the times at which a rule would have fired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from components.kit.charts import empty_figure, figure
from components.kit.theme import AMBER, CRITICAL, KINDS, faint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import pandas as pd

FIRED = faint(CRITICAL, 0.22)
MOST_BANDS = 200


def curve(
    frame: pd.DataFrame,
    *,
    periods: Sequence[tuple[datetime, datetime]],
    thresholds: Sequence[float],
    span: tuple[datetime, datetime],
    unit: str = "",
) -> go.Figure:
    """`frame`: series, at and value, by time; a line each series."""
    if frame.empty:
        return empty_figure("Nothing is kept of this signal yet: a value a minute, from now on")
    lines = [
        go.Scatter(
            x=part["at"],
            y=part["value"],
            name=str(name),
            mode="lines",
            line={"color": KINDS[place % len(KINDS)], "shape": "hv"},
        )
        for place, (name, part) in enumerate(frame.groupby("series", sort=True))
    ]
    bands = [_band(start, end) for start, end in periods[:MOST_BANDS]]
    marks = [_threshold(value) for value in thresholds]
    return figure(
        *lines,
        xaxis={"type": "date", "range": [each.isoformat() for each in span]},
        yaxis={"title": {"text": unit}} if unit else {},
        shapes=[*bands, *marks],
        annotations=[_note(value) for value in thresholds],
        showlegend=len(lines) > 1,
    )


def _band(start: datetime, end: datetime) -> Mapping[str, Any]:
    at = {"x0": start.isoformat(), "x1": end.isoformat(), "y0": 0, "y1": 1, "yref": "paper"}
    return {"type": "rect", "fillcolor": FIRED, "line": {"width": 0}, "layer": "below"} | at


def _threshold(value: float) -> Mapping[str, Any]:
    line = {"color": AMBER, "width": 1, "dash": "dash"}
    return {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": value, "y1": value, "line": line}


def _note(value: float) -> Mapping[str, Any]:
    place = {"xref": "paper", "x": 1, "y": value, "xanchor": "right", "yanchor": "bottom"}
    return {"text": f"threshold {value:,.6g}", "showarrow": False, "font": {"color": AMBER}} | place
