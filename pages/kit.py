from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.gallery import layout as gallery

if TYPE_CHECKING:
    from dash import html

dash.register_page(__name__, path="/kit", name="Kit", title="Kit · Mission Control", order=99)


def layout(**_: str) -> html.Div:
    return gallery.layout()
