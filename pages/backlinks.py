from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.backlinks import layout as backlinks
from components.kit import address

if TYPE_CHECKING:
    from dash import html

dash.register_page(__name__, path="/backlinks", name="Backlinks", title="Backlinks · Mission Control", order=2)


def layout(**parts: str) -> html.Div:
    return backlinks.layout(address.parse(parts))
