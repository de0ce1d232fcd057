"""What the pages of the area share: their head, and panels that a callback fills or draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from components.kit.cards import panel
from components.kit.charts import chart_panel
from components.kit.page_header import page_header
from components.kit.states import skeleton
from components.kit.time_control import time_control

if TYPE_CHECKING:
    from components.kit.address import Address
    from components.kit.exports import Export
    from components.kit.live import Content

STAMP, REFRESH_S = "mv_daily_backlink_stats", 90
SHOWS = (STAMP, "mv_daily_domain_stats")
AGE = f"stamps.{STAMP}.refreshed"


def head(title: str, here: Address, *more: html.A) -> html.Div:
    named = html.Div([*more, html.H1(title)], className="domains-title")
    return page_header(named, time_control(here, name="Range of links, portfolios and mentions"))


def told(title: str, name: str, note: Content, explained: str, *exports: Export) -> html.Section:
    """A panel that a callback fills."""
    body = html.Div(skeleton(5), id=name)
    return panel(title, body, name=name, note=note, age=AGE, expected_s=REFRESH_S, explained=explained, exports=exports)


def chart(
    title: str, name: str, note: Content, explained: str, *exports: Export, board: str | None = None
) -> html.Section:
    return chart_panel(
        title,
        name,
        note=note,
        stamp=STAMP,
        expected_s=REFRESH_S,
        explained=explained,
        exports=exports,
        board=board,
    )
