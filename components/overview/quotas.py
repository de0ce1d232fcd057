"""API quotas: what is used, a band for the forecast, a white tick for its middle, a red one for the limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.kit import live
from components.kit.cards import panel
from components.kit.quota import quota_row
from components.kit.states import live_empty

if TYPE_CHECKING:
    from dash import html


def quotas(*, limit: int = 9) -> html.Section:
    listed = live.rows("view.quotas", quota_row(), limit=limit, sort="order", className="quotas")
    return panel(
        "API quota status",
        listed,
        live_empty(
            "view.empty.quotas",
            "No API provider yet.",
            "Providers appear here once their usage is metered: what is used, what the rest of the period will bring, "
            "and the day each runs dry.",
        ),
        name="quotas",
        note=[live.value("view.said.quotas")],
        explained="The bar is what is used of the period's quota, the pale band the 80 % interval of what it will be "
        "at its end, the white tick the middle of that, the red tick the limit. The worst stands first.",
    )
