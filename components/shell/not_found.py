"""What stands in the frame at an address that leads nowhere."""

from __future__ import annotations

from dash import html

from components.kit import live
from components.kit.states import link
from data.areas import PAGES

TITLE = "Page not found"


def layout() -> html.Div:
    ways = [link(area.title, area.path, className="button") for area in PAGES if area.path]
    return html.Div(
        html.Section(
            [
                html.H1(TITLE),
                html.P(["Nothing at this address. Choose a page, or press ", html.Kbd("Ctrl K"), " to search."]),
                html.Div(ways, className="ways", role="group", **live.attrs(aria_label="Pages")),
            ],
            className="panel not-found",
        ),
        className="page",
    )
