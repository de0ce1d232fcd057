from __future__ import annotations

import dash
from dash import html

from components.kit.states import empty, link

TITLE = "There is no such page"

dash.register_page(__name__, path="/404", name=TITLE, title=f"{TITLE} · Mission Control", order=99)


def layout(**_: str) -> html.Div:
    words = empty(TITLE, "Nothing stands at this address.")
    return html.Div(
        [html.H1(TITLE, className="sr-only"), words, link("To the overview", "/", className="button")], className="page"
    )
