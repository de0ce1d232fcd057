from __future__ import annotations

from typing import TYPE_CHECKING

import dash

from components.alerts import layout as alerts
from components.kit import address

if TYPE_CHECKING:
    from dash import html

dash.register_page(__name__, path="/alerts", name="Alerts", title="Alerts · Mission Control", order=5)


def layout(**parts: str) -> html.Div:
    return alerts.layout(address.parse(parts))
