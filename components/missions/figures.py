"""History of missions and satellites, one value a day. Frames have the columns of `frames.py` in their areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from components.kit import axes
from components.kit.charts import empty_figure, figure
from components.kit.theme import AMBER, CRITICAL, CYAN, OFF, SERIOUS, faint

if TYPE_CHECKING:
    from datetime import date

    import numpy as np

OUTCOMES = (
    ("completed_jobs", "completed", CYAN),
    ("cancelled_jobs", "cancelled", OFF),
    ("abnormal_jobs", "abnormal", SERIOUS),
    ("failed_jobs", "failed", CRITICAL),
)
NO_JOBS = "No mission was created in this range"
NO_SAMPLES = "No satellite reported in this range"


def jobs_by_outcome(frame: pd.DataFrame, *, start: date, end: date) -> go.Figure:
    days = _daily(frame, [column for column, _, _ in OUTCOMES], start, end)
    if not days.to_numpy().any():
        return empty_figure(NO_JOBS)
    bars = [go.Bar(y=_floats(days[column]), name=name, marker={"color": colour}) for column, name, colour in OUTCOMES]
    drawn = figure(*(bar.update(axes.since(start)) for bar in bars), barmode="stack", showlegend=True)
    return axes.days(drawn, start, end)


def pages_by_day(frame: pd.DataFrame, *, start: date, end: date) -> go.Figure:
    days = _daily(frame, ["pages_crawled"], start, end)
    if not days.to_numpy().any():
        return empty_figure(NO_JOBS)
    bar = go.Bar(y=_floats(days["pages_crawled"]), name="pages", marker={"color": CYAN}, **axes.since(start))
    return axes.days(figure(bar), start, end)


def completion_time(frame: pd.DataFrame, *, start: date, end: date) -> go.Figure:
    """Mean minutes from start to completion, each day weighted by its completed missions."""
    finished = frame[frame["avg_duration_seconds"].notna() & (frame["completed_jobs"] > 0)]
    if finished.empty:
        return empty_figure("No mission was completed in this range")
    seconds = finished.assign(seconds=finished["avg_duration_seconds"] * finished["completed_jobs"])
    days = _daily(seconds, ["seconds", "completed_jobs"], start, end)
    minutes = days["seconds"] / days["completed_jobs"].where(days["completed_jobs"] > 0) / 60
    line = go.Scatter(y=_floats(minutes), name="minutes", line={"color": AMBER}, connectgaps=True, **axes.since(start))
    return axes.days(figure(line), start, end)


def satellite_speed(frame: pd.DataFrame, *, start: date, end: date) -> go.Figure:
    """Mean pages a minute over all satellites, in the band from the slowest to the fastest one's mean."""
    if frame.empty:
        return empty_figure(NO_SAMPLES)
    weighted = frame.assign(weighted=frame["avg_speed"] * frame["samples"])
    sums = _daily(weighted, ["weighted", "samples"], start, end)
    mean = sums["weighted"] / sums["samples"].where(sums["samples"] > 0)
    by_day = frame.assign(day=pd.to_datetime(frame["day"])).groupby("day")["avg_speed"]
    low, high = by_day.min().reindex(sums.index), by_day.max().reindex(sums.index)
    edge: dict[str, Any] = {"mode": "lines", "line": {"width": 0}, "connectgaps": True, **axes.since(start)}
    drawn = figure(
        go.Scatter(y=_floats(high), name="fastest", showlegend=False, **edge),
        go.Scatter(y=_floats(low), name="slowest to fastest", fill="tonexty", fillcolor=faint(CYAN, 0.16), **edge),
        go.Scatter(y=_floats(mean), name="mean", line={"color": CYAN}, connectgaps=True, **axes.since(start)),
        showlegend=True,
    )
    return axes.days(drawn, start, end)


def _daily(frame: pd.DataFrame, columns: list[str], start: date, end: date) -> pd.DataFrame:
    """Sums by day for every day of the range; a day without rows is 0."""
    by_day = frame.assign(day=pd.to_datetime(frame["day"])).groupby("day")[columns].sum()
    return by_day.reindex(pd.date_range(start, end, freq="D"), fill_value=0)


def _floats(values: pd.Series) -> np.ndarray[Any, Any]:
    return values.astype("float32").to_numpy()
