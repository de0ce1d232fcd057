from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.kit import address
from components.overview import layout as overview

if TYPE_CHECKING:
    from dash import html

dash.register_page(__name__, path="/", name="Overview", title="Overview · Mission Control", order=0, grids=False)


def layout(**parts: str) -> html.Div:
    return overview.layout(address.parse(parts))
