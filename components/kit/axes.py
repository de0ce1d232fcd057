"""Axes of days: a tick on a day and nowhere between two, and a bar as wide as its day however few there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    import plotly.graph_objects as go

DAY_MS = 86_400_000
FEW = 10  # days that each have room for a tick of their own
_HOVER = "%a %d %b %Y"


def since(start: date) -> dict[str, Any]:
    """The places of a trace's points, one a day: regular days need no list of dates, but a start and a step."""
    return {"x0": start.isoformat(), "dx": DAY_MS}


def days(figure: go.Figure, start: date, end: date, *, ahead: int = 0) -> go.Figure:
    """The figure with an axis for a range of days; `ahead` are those of a forecast after it.

    Plotly guesses the width of a bar by its neighbours: a lone one is a millisecond wide, and a lone point of a line is
    nothing at all. The browser marks the day that is not over by `meta` (`assets/js/rules/figures.js`).
    """
    count = (end - start).days + 1
    axis: dict[str, Any] = {"type": "date", "hoverformat": _HOVER}
    if count + ahead <= FEW:
        axis |= {"tickmode": "linear", "tick0": start.isoformat(), "dtick": DAY_MS, "tickformat": "%d %b"}
    figure.update_layout(xaxis=axis, meta={"first": start.isoformat(), "days": count})
    if count == 1:
        figure.update_traces(width=0.8 * DAY_MS, selector={"type": "bar"})
        figure.update_traces(mode="lines+markers", selector={"type": "scatter", "mode": None})
    return figure
