from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.kit import address
from components.quotas import layout as quotas

if TYPE_CHECKING:
    from dash import html

dash.register_page(__name__, path="/quotas", name="Quotas", title="Quotas · Mission Control", order=4)


def layout(**parts: str) -> html.Div:
    return quotas.layout(address.parse(parts))
