"""Charts of the Quotas page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go

from components.kit import axes
from components.kit.charts import empty_figure, figure, grouped
from components.kit.theme import AMBER, BLUE, CRITICAL, CYAN, KINDS, TEXT, TEXT_SECOND, faint

if TYPE_CHECKING:
    from datetime import date

RESERVE = 0.2  # of a quota, for priority high and above
BAND = faint(TEXT_SECOND, 0.28)


def forecast(so_far: pd.DataFrame, row: dict[str, Any], *, now: datetime) -> go.Figure:
    """Credits of this window: used, the forecast dashed in its 80 % interval, the limit, the reset.

    `so_far` has the columns at and used (credits of this window, summed up), `row` is one of `forecast_reads.latest`.
    """
    if row["made_at"] is None:
        return empty_figure(f"{row['provider']} was not forecast yet: forecasts are made every minute")
    path = row["path"]
    times = [datetime.fromtimestamp(point["at"] / 1000, UTC) for point in path]
    edge: dict[str, Any] = {"x": times, "mode": "lines", "line": {"width": 0}}
    used = [*so_far["used"].tolist(), row["used_now"]]
    traces = [
        go.Scatter(y=[point["high"] for point in path], name="80 % below", hoverinfo="skip", showlegend=False, **edge),
        go.Scatter(
            y=[point["low"] for point in path],
            name="80 % interval",
            fill="tonexty",
            fillcolor=BAND,
            hoverinfo="skip",
            **edge,
        ),
        go.Scatter(
            x=[*so_far["at"].tolist(), now], y=used, name="used", line={"color": CYAN, "shape": "hv"}, mode="lines"
        ),
        go.Scatter(
            x=times,
            y=[point["expected"] for point in path],
            name="forecast",
            mode="lines",
            line={"color": TEXT, "dash": "dash"},
        ),
    ]
    return figure(*traces, xaxis={"type": "date"}, showlegend=True, **_marks(row))


def _marks(row: dict[str, Any]) -> dict[str, Any]:
    """The limit and the reserve as lines across, the reset as one upright, and when it is dry."""
    shapes, notes = [], []
    if row["quota_now"] is not None:
        limit, kept = row["quota_now"], row["quota_now"] * (1 - RESERVE)
        shapes += [
            _line({"color": CRITICAL, "width": 2}, xref="paper", x=(0, 1), y=(limit, limit)),
            _line({"color": AMBER, "width": 1, "dash": "dot"}, xref="paper", x=(0, 1), y=(kept, kept)),
        ]
        notes += [
            _note(f"limit {limit:,.0f}", CRITICAL, xref="paper", x=0, y=limit, anchor="left"),
            _note(f"above {kept:,.0f}: high priority only", AMBER, xref="paper", x=0, y=kept, anchor="left"),
        ]
    if row["window_end"] is not None:
        at = row["window_end"].isoformat()
        shapes.append(_line({"color": BLUE, "dash": "dot"}, yref="paper", x=(at, at), y=(0, 1)))
        notes.append(_note("reset ", BLUE, yref="paper", x=at, y=1, anchor="right") | {"yanchor": "top"})
    if row["dry_at"] is not None and row["dry_at"] <= row["ends_at"]:
        dry = row["dry_at"]
        notes.append(
            _note(f"runs out {dry:%b} {dry.day}", AMBER, x=dry.isoformat(), y=row["quota_now"], anchor="right")
        )
    return {"shapes": shapes, "annotations": notes}


def _line(line: dict[str, Any], *, x: tuple[Any, Any], y: tuple[Any, Any], **refs: str) -> dict[str, Any]:
    return {"type": "line", "x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1], "line": line} | refs


def _note(words: str, colour: str, *, anchor: str, **place: Any) -> dict[str, Any]:  # noqa: ANN401 — any place of an annotation
    return {
        "text": words,
        "showarrow": False,
        "font": {"color": colour},
        "xanchor": anchor,
        "yanchor": "bottom",
    } | place


def credits_by_day(frame: pd.DataFrame, *, start: date, end: date) -> go.Figure:
    """Credits a day, a colour a provider; the frame has at least the columns day, provider and credits."""
    if frame.empty or not frame["credits"].to_numpy().any():
        return empty_figure("Nothing was spent in this range")
    days = pd.date_range(start, end, freq="D")
    by_day = frame.assign(day=pd.to_datetime(frame["day"])).pivot_table(
        index="day", columns="provider", values="credits", aggfunc="sum"
    )
    filled = by_day.reindex(days).fillna(0.0)
    filled = grouped(filled[filled.sum().sort_values(ascending=False, kind="stable").index], len(KINDS))
    bars = [
        go.Bar(
            y=filled[name].astype("float32").to_numpy(),
            name=str(name),
            **axes.since(start),
            marker={"color": colour},
        )
        for name, colour in zip(filled.columns, KINDS, strict=False)
    ]
    return axes.days(figure(*bars, barmode="stack", showlegend=True), start, end)
