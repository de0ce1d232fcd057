"""The charts of the Backlinks page. Frames have the columns of `data/backlinks/frames.py`."""

from __future__ import annotations

from datetime import timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go

from components.kit import axes
from components.kit.charts import empty_figure, figure
from components.kit.theme import (
    AMBER,
    CRITICAL,
    CYAN,
    GRID,
    HEAT_HIGH,
    HEAT_LOW,
    HEAT_MIDDLE,
    LINE,
    PANEL,
    TEXT,
    TEXT_THIRD,
    faint,
)
from data.backlinks.analysis.velocity import toxic_share, whole_days
from data.backlinks.rules import is_high_authority, is_toxic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from data.backlinks.analysis.velocity import ChangePoint, Forecast, Velocity
    from data.backlinks.inputs import Question

    Mark = tuple[date, str, str]  # a day, what happened then, its colour

BANDS = [f"{low}–{low + 9}" if low < 90 else "90–100" for low in range(0, 100, 10)]
TICKS = {"tickvals": BANDS, "ticktext": [f"{low}+" for low in range(0, 100, 10)]}
NOTHING = "No link was found or lost in this range"
HEAT = [[0, HEAT_LOW], [0.5, HEAT_MIDDLE], [1, HEAT_HIGH]]  # the text keeps 4.5 : 1 on each
NOTE_SHARE = 0.3  # of the axis that the words of a mark cover on a phone
NOTE_LINES = 5  # that marks are stacked in; one that finds no place has its line alone
NOTE_GROUND = faint(PANEL, 0.8)
NAME = 17  # letters beside the radar
BAND_COLOUR = faint(AMBER, 0.18)


def velocity(told: Velocity, *, question: Question, updates: Sequence[date] = ()) -> go.Figure:
    """New above zero, lost below; the seven-day net is a line that goes on as a forecast when the range ends today."""
    days = told.days
    if not days[["new", "lost"]].to_numpy().any():
        return empty_figure(NOTHING)
    axis = axes.since(question.start)
    traces: list[Any] = [
        go.Bar(y=_small(days["new"]), name="new", marker={"color": CYAN, "opacity": 0.75}, **axis),
        go.Bar(
            y=_small(-days["lost"]),
            name="lost",
            marker={"color": CRITICAL, "opacity": 0.75},
            customdata=_small(days["lost"]),
            hovertemplate="%{customdata:,}",
            **axis,
        ),
        go.Scatter(y=_small(told.level), name="net, 7-day mean", line={"color": AMBER}, **axis),
    ]
    if told.ahead is not None:
        traces += _ahead(told.ahead, question.end, last=float(told.level[-1]))
    ahead = 0 if told.ahead is None else len(told.ahead.mean)
    marks = [*((p.day, point_words(p), _tone(p)) for p in told.points), *map(_update, updates)]
    shapes, notes = _marks(marks, question, ahead)
    drawn = figure(
        *traces, barmode="relative", bargap=0.2, shapes=shapes, annotations=notes, dragmode="zoom", showlegend=True
    )
    return _time(drawn, question, ahead=ahead)


def _ahead(ahead: Forecast, end: date, *, last: float) -> list[go.Scatter]:
    axis: dict[str, Any] = axes.since(end) | {"mode": "lines", "legendgroup": "forecast"}
    edge = axis | {"line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    low, mean, high = (np.concatenate([[last], part]).astype("float32") for part in (ahead.low, ahead.mean, ahead.high))
    return [
        go.Scatter(y=high, name="high", **edge),
        go.Scatter(y=low, name="low", fill="tonexty", fillcolor=BAND_COLOUR, **edge),
        go.Scatter(y=mean, name="forecast", **axis, line={"color": AMBER, "dash": "dash"}),
    ]


def _marks(marks: Sequence[Mark], question: Question, ahead: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shapes = [
        {"type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1}
        | {"line": {"color": tone, "dash": "dot", "width": 1.5}}
        for day, _, tone in marks
    ]
    notes = [
        {"x": day, "yref": "paper", "y": 1 - 0.09 * line, "xanchor": anchor, "showarrow": False}
        | {"text": f" {words} ", "hovertext": f"{words} · {day:%d %b}", "font": {"color": tone}, "bgcolor": NOTE_GROUND}
        for line, anchor, (day, words, tone) in _stacked(marks, question.start, question.days + ahead)
    ]
    return shapes, notes


def _stacked(marks: Sequence[Mark], start: date, days: int) -> list[tuple[int, str, Mark]]:
    """Each mark with the line of words that is free for it, and the side of its words: to the left near the end."""
    placed: list[tuple[int, str, Mark]] = []
    taken: list[list[tuple[float, float]]] = [[] for _ in range(NOTE_LINES)]
    for mark in sorted(marks, key=itemgetter(0)):
        at = (mark[0] - start).days / max(1, days)
        is_late = at > 1 - NOTE_SHARE
        span = (at - NOTE_SHARE, at) if is_late else (at, at + NOTE_SHARE)
        free = [line for line, spans in enumerate(taken) if all(span[1] <= a or b <= span[0] for a, b in spans)]
        if free:
            taken[free[0]].append(span)
            placed.append((free[0], "right" if is_late else "left", mark))
    return placed


def _update(day: date) -> Mark:
    return day, "index update", TEXT_THIRD


def point_words(point: ChangePoint) -> str:
    return f"{point.what} ×{point.ratio:.1f}"


def _tone(point: ChangePoint) -> str:
    return CRITICAL if point.what == "lost" and point.ratio > 1 else AMBER


def authority(bands: pd.DataFrame, *, question: Question) -> go.Figure:
    """Links by target and band of authority; the number stands in its cell."""
    if bands.empty:
        return empty_figure("No link of known authority was found in this range")
    table = bands.pivot_table(index="target", columns="band", values="links", aggfunc="sum", fill_value=0)
    rows = [name for name in question.everyone if name in table.index][::-1]
    cells = table.reindex(index=rows, columns=range(10), fill_value=0).to_numpy()
    heat = go.Heatmap(
        z=np.sqrt(cells).astype("float32"),
        x=BANDS,
        y=rows,
        text=[[f"{value:,}" for value in row] for row in cells],
        texttemplate="%{text}",
        hovertemplate="%{y} · DA %{x}: %{text}<extra></extra>",
        colorscale=HEAT,
        textfont={"color": TEXT},
        showscale=False,
        xgap=2,
        ygap=2,
    )
    return figure(
        heat,
        xaxis={"side": "top", "fixedrange": True, "type": "category", "tickangle": 0} | TICKS,
        yaxis={"fixedrange": True, "type": "category", "showgrid": False, "dtick": 1},
        hovermode="closest",
    )


def radar(recent: pd.DataFrame, *, question: Question) -> go.Figure:
    """The newest links: angle is the target, radius 100 less authority, so that the best are at the centre."""
    if recent.empty:
        return empty_figure("No link of known authority was found in this range")
    names = [name for name in question.everyone if name in set(recent["target"])]
    authority = recent["authority"].to_numpy(dtype=float)
    newest, oldest = recent["at"].max(), recent["at"].min()
    age = ((newest - recent["at"]) / max(newest - oldest, timedelta(seconds=1))).to_numpy(dtype=float)
    toxic = is_toxic(recent["spam"].to_numpy(dtype=float))
    high = is_high_authority(authority)
    ring = np.where(toxic, CRITICAL, np.where(high, AMBER, CYAN))
    blips = go.Scatterpolar(
        r=100 - authority,
        theta=_angles(recent, names),
        mode="markers",
        marker={
            "size": 5 + authority / 8,
            "color": ring,
            "opacity": 1 - 0.75 * age,
            "line": {"width": np.where(high, 2, 0), "color": AMBER},
        },
        customdata=recent[["source", "target", "authority"]].to_numpy(),
        meta=["source", "target", "DA"],  # what they are, for who copies them
        hovertemplate="%{customdata[0]} → %{customdata[1]}<br>DA %{customdata[2]}<extra></extra>",
    )
    ticks = {"tickvals": [0, 30, 60, 90], "ticktext": ["100", "70", "40", "10"], "range": [0, 100], "tickangle": 0}
    turns = [360 * (at + 0.5) / len(names) for at in range(len(names))]
    line = {"gridcolor": GRID, "linecolor": LINE}
    return figure(
        blips,
        polar={
            "bgcolor": PANEL,
            "radialaxis": ticks | line | {"angle": 90, "tickfont": {"color": TEXT_THIRD}},
            "angularaxis": line
            | {"tickvals": turns, "ticktext": [_short(name) for name in names], "tickfont": {"color": TEXT}},
        },
        margin={"l": 72, "r": 72, "t": 30, "b": 30},  # names stand outside of the circle, which makes no room for them
        hovermode="closest",
    )


def _short(name: str) -> str:
    """A name with room beside the circle; the end of a domain says more than its middle."""
    return name if len(name) <= NAME else f"{name[: NAME - 8]}…{name[-7:]}"


def _angles(recent: pd.DataFrame, names: list[str]) -> np.ndarray[Any, Any]:
    """A sector a target; within it a source keeps its place."""
    sector = recent["target"].map({name: at for at, name in enumerate(names)}).to_numpy(dtype=float)
    place = np.array([(sum(map(ord, name)) * 37 % 97) / 97 for name in recent["source"]])
    return (sector + 0.08 + 0.84 * place) * 360 / len(names)


def toxic(daily: pd.DataFrame, *, question: Question) -> go.Figure:
    """The share of bad links among those found, in percent of seven days, over their number a day."""
    days = whole_days(daily, question.start, question.end)
    if not days["new"].any():
        return empty_figure("No link was found in this range")
    share = 100 * toxic_share(days)
    axis = axes.since(question.start)
    drawn = figure(
        go.Bar(y=_small(days["toxic"]), name="toxic links", marker={"color": CRITICAL, "opacity": 0.6}, **axis),
        go.Scatter(
            y=_small(share),
            name="share of 7 days",
            yaxis="y2",
            line={"color": AMBER},
            connectgaps=True,
            hovertemplate="%{y:.1f} %",
            **axis,
        ),
        yaxis={"domain": [0, 0.4]},
        yaxis2={"domain": [0.55, 1], "ticksuffix": " %"},
        showlegend=True,
        dragmode="zoom",
    )
    return _time(drawn, question)


def _small(values: Any) -> np.ndarray[Any, Any]:  # noqa: ANN401 — a column or an array
    return np.asarray(values, dtype="float32")


def _time(drawn: go.Figure, question: Question, *, ahead: int = 0) -> go.Figure:
    """Redrawn for another range, a chart forgets what was zoomed before."""
    drawn.update_layout(uirevision=f"{question.start}{question.end}")
    return axes.days(drawn, question.start, question.end, ahead=ahead)
