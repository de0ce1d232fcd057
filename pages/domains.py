from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.domains import layout as domains
from components.kit import address

if TYPE_CHECKING:
    from dash import html

dash.register_page(__name__, path="/domains", name="Domains", title="Domains · Mission Control", order=4)


def layout(**parts: str) -> html.Div:
    return domains.layout(address.parse(parts))
