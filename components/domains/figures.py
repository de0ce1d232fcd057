"""The charts of the Domains pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from components.kit import axes
from components.kit.charts import empty_figure, figure, grouped
from components.kit.theme import CRITICAL, CYAN, KINDS, NORMAL, OFF, STANDBY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date


def portfolios_over_time(rows: Sequence[Mapping[str, Any]], *, start: date, end: date) -> go.Figure:
    """A step line for each of the largest portfolios, and one for the others together; `rows` are the days on which one
    changed, in order."""
    if not rows:
        return empty_figure("No portfolio yet")
    changed = pd.DataFrame(rows).pivot_table(index="day", columns="owner", values="domains", aggfunc="last")
    sizes = changed.astype("float64").reindex([*changed.index, *({end} - {*changed.index})]).sort_index().ffill()
    kinds = grouped(sizes[sizes.iloc[-1].sort_values(ascending=False, kind="stable").index], len(KINDS))
    lines = [_steps(str(owner), kinds[owner].dropna(), colour) for owner, colour in zip(kinds, KINDS, strict=False)]
    axis = {
        "type": "date",
        "range": [start.isoformat(), (end + timedelta(days=1)).isoformat()],
        "hoverformat": "%d %b %Y",
    }
    return figure(*lines, showlegend=True, xaxis=axis)


def _steps(owner: str, sizes: pd.Series, colour: str) -> go.Scatter:
    days = [day.isoformat() for day in sizes.index]
    line = {"shape": "hv", "color": colour}
    return go.Scatter(x=days, y=sizes.astype("int64").tolist(), name=owner, mode="lines", line=line)


def mentions_by_day(frame: pd.DataFrame, *, start: date, end: date) -> go.Figure:
    """Mentions a day by tone, with those that have none told at the bottom."""
    if frame.empty:
        return empty_figure("No mention in this range")
    days = frame.assign(day=pd.to_datetime(frame["day"])).groupby("day")[
        ["mentions", "positive", "neutral", "negative"]
    ]
    sums = days.sum().astype("int64").reindex(pd.date_range(start, end, freq="D"), fill_value=0)
    untold = sums["mentions"] - sums["positive"] - sums["neutral"] - sums["negative"]
    parts = [
        (untold, "unknown", OFF),
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
        go.Bar(
            y=(-sums["lost_backlinks"]).tolist(),
            name="lost",
            marker={"color": CRITICAL},
            customdata=sums["lost_backlinks"].tolist(),
            hovertemplate="%{customdata:,}",
            **axis,
        ),
        barmode="relative",
        showlegend=True,
    )
    return axes.days(drawn, start, end)
