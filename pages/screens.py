from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.kit import address
from components.screens import layout as screens

if TYPE_CHECKING:
    from dash import html

dash.register_page(__name__, path="/screens", name="Screens", title="Screens · Mission Control", order=90)


def layout(**parts: str) -> html.Div:
    return screens.layout(address.parse(parts))
