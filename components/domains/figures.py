"""The charts of the Domains pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from components.kit import axes
from components.kit.charts import empty_figure, figure
from components.kit.theme import AMBER, BLUE, CRITICAL, CYAN, NORMAL, OFF, SERIOUS, STANDBY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_LINES = (CYAN, AMBER, NORMAL, STANDBY, BLUE, SERIOUS, OFF)
MOST_OWNERS = 7


def portfolios_over_time(rows: Sequence[Mapping[str, Any]], *, start: date, end: date) -> go.Figure:
    """A step line for each of the largest portfolios; `rows` are the days on which one changed, in order."""
    owners: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        owners.setdefault(row["owner"], []).append(row)
    if not owners:
        return empty_figure("No portfolio is known")
    largest = sorted(owners, key=lambda owner: -int(owners[owner][-1]["domains"]))[:MOST_OWNERS]
    lines = [_steps(owner, owners[owner], colour, end) for owner, colour in zip(largest, _LINES, strict=False)]
    return figure(*lines, showlegend=True, xaxis={"type": "date", "range": [start.isoformat(), end.isoformat()]})


def _steps(owner: str, rows: Sequence[Mapping[str, Any]], colour: str, end: date) -> go.Scatter:
    days = [row["day"].isoformat() for row in rows] + [end.isoformat()]
    sizes = [int(row["domains"]) for row in rows] + [int(rows[-1]["domains"])]
    return go.Scatter(x=days, y=sizes, name=owner, mode="lines", line={"shape": "hv", "color": colour})


def mentions_by_day(frame: pd.DataFrame, *, start: date, end: date) -> go.Figure:
    """Mentions a day by tone, with those that have none told at the bottom."""
    if frame.empty:
        return empty_figure("Nobody was heard in this range")
    days = frame.assign(day=pd.to_datetime(frame["day"])).groupby("day")[
        ["mentions", "positive", "neutral", "negative"]
    ]
    sums = days.sum().astype("int64").reindex(pd.date_range(start, end, freq="D"), fill_value=0)
    untold = sums["mentions"] - sums["positive"] - sums["neutral"] - sums["negative"]
    parts = [
        (untold, "not told", OFF),
        (sums["neutral"], "neutral", STANDBY),
        (sums["positive"], "positive", NORMAL),
        (sums["negative"], "negative", CRITICAL),
    ]
    bars = [
        go.Bar(**axes.since(start), y=part.tolist(), name=name, marker={"color": colour})
        for part, name, colour in parts
    ]
    return axes.days(figure(*bars, barmode="stack", showlegend=True), start, end)


def links_by_day(frame: pd.DataFrame, *, start: date, end: date) -> go.Figure:
    """Links to one domain: found above the line, lost below."""
    if frame.empty:
        return empty_figure("No link to it was found or lost in this range")
    days = frame.assign(day=pd.to_datetime(frame["day"])).set_index("day")[["new_backlinks", "lost_backlinks"]]
    sums = days.astype("float64").reindex(pd.date_range(start, end, freq="D")).fillna(0)
    axis = axes.since(start)
    drawn = figure(
        go.Bar(y=sums["new_backlinks"].tolist(), name="found", marker={"color": CYAN}, **axis),
        go.Bar(y=(-sums["lost_backlinks"]).tolist(), name="lost", marker={"color": CRITICAL}, **axis),
        barmode="relative",
        showlegend=True,
    )
    return axes.days(drawn, start, end)
