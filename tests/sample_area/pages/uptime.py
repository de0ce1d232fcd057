from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.kit import address
from components.uptime import layout as uptime

if TYPE_CHECKING:
    from dash import html

dash.register_page(__name__, path="/uptime", name="Uptime", title="Uptime · Mission Control", order=9)


def layout(**parts: str) -> html.Div:
    return uptime.layout(address.parse(parts))
