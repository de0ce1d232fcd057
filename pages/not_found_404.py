from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.shell import not_found

if TYPE_CHECKING:
    from dash import html

dash.register_page(__name__, path="/404", name=not_found.TITLE, title=f"{not_found.TITLE} · Mission Control", order=99)


def layout(**_: str) -> html.Div:
    return not_found.layout()
