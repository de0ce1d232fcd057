"""What people put on the board themselves: a number or a chart of the catalogue, in one of the board's slots."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from dash import dcc, html

from components.kit import live
from components.kit.cards import kpi, panel
from components.kit.charts import BLANK, CONFIG
from components.kit.states import empty, skeleton
from components.overview import ids
from components.overview.board import SLOTS
from data.areas import CHARTS, NUMBERS

if TYPE_CHECKING:
    from components.kit.live import Format
    from data.area import Chart, Number

REFRESHED_S = 90  # the views that charts are drawn from


def slots() -> list[html.Div]:
    """Empty places; the browser says what each shows (assets/js/board/board.js)."""
    return [
        html.Div(
            [dcc.Store(id=ids.shows(slot)), html.Div(id=ids.widget(slot), className="widget")],
            className="place place-slot",
            **live.attrs(data_panel=slot),
        )
        for slot in SLOTS
    ]


def widget(shows: str, slot: str) -> html.Section | html.Div:
    if shows in NUMBERS:
        return number(NUMBERS[shows], slot)
    if shows in CHARTS:
        return chart(CHARTS[shows], slot)
    return empty("No longer there", "This number or chart is no longer in the catalogue.")


def number(one: Number, slot: str) -> html.Section:
    trend = one.trend.rpartition(".")[2] if one.trend else None
    return kpi(
        one.title,
        one.path,
        name=slot,
        form=cast("Format", one.form),
        trend=one.trend,
        threshold=f"view.levels.{one.name}.limit" if one.trend else None,
        delta=f"view.delta.{trend}" if trend else None,
        status=f"view.levels.{one.name}.status",
        tone=f"view.levels.{one.name}.tone",
        age=f"view.as_of.{one.status}" if one.status else "as_of",
    )


def chart(one: Chart, slot: str) -> html.Section:
    drawing = dcc.Graph(id=ids.chart(slot), config=CONFIG, className="chart", figure=BLANK)
    waiting = html.Div(skeleton(5), id=ids.cover(slot), className="chart-cover")
    body = html.Div([dcc.Store(id=ids.figure(slot)), drawing, waiting], className="chart-box")
    age = f"stamps.{one.view}.refreshed" if one.view else None
    return panel(
        one.title,
        body,
        name=slot,
        note=one.note,
        age=age,
        expected_s=REFRESHED_S,
        explained=f"{one.note[:1].upper()}{one.note[1:]}, over the range of this page.",
        chart=True,
    )
