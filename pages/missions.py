from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.kit import address
from components.missions import layout as missions

if TYPE_CHECKING:
    from dash import html

dash.register_page(__name__, path="/missions", name="Missions", title="Missions · Mission Control", order=1)


def layout(job: str | None = None, **parts: str) -> html.Div:
    return missions.layout(address.parse(parts), job=job)
