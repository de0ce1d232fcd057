"""The head of a page: its title, and the ranges that people choose most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from components.kit import address, live
from components.kit.states import link
from data.timerange import USUAL_FROM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

RANGES = (("7 d", "now-7d"), ("30 d", "now-30d"), ("90 d", "now-90d"))
YEAR = (*RANGES, ("1 y", "now-1y"))


def range_buttons(choices: Sequence[tuple[str, str]]) -> list[Component]:
    """Each puts its range into the address."""
    return [
        link(said, address.link(start=start, end="now"), within=True, className="button") for said, start in choices
    ]


def page_header(title: Component, choices: Sequence[tuple[str, str]], words: str, name: str) -> html.Div:
    """`words` stands before the ranges, `name` is what a screen reader says of them."""
    marks = live.attrs(aria_label=name, data_usual=USUAL_FROM)
    said = html.Span(words, className="field-label")
    chosen = html.Div([said, *range_buttons(choices)], className="ranges", role="group", **marks)
    return html.Div([title, chosen], className="page-head")


def notice(name: str, said: str = "") -> html.Div:
    """Where a page says what its address asks for in vain (`components.kit.notices`)."""
    return html.Div(said or None, id=name, className="notice", role="status")
