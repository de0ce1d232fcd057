from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.domains import domain_layout
from components.kit import address

if TYPE_CHECKING:
    from dash import html

dash.register_page(
    __name__, path_template="/domains/<name>", name="Domain", title="Domain · Mission Control", order=100
)


def layout(name: str = "", **parts: str) -> html.Div:
    return domain_layout.layout(name[:253], address.parse(parts))
