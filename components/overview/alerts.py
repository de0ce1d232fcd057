"""What asks for a person: failed missions and signals of the link profile, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.kit import live
from components.kit.alarms import alarm_row
from components.kit.cards import panel
from components.kit.states import live_empty

if TYPE_CHECKING:
    from dash import html


def alerts(*, limit: int) -> html.Section:
    listed = live.rows("view.alarms.rows", alarm_row(), limit=limit, sort="order", className="failures")
    return panel(
        "Alerts",
        listed,
        live.rest("view.alarms.open"),
        live_empty(
            "view.empty.alarms",
            "Nothing needs attention.",
            "Failed missions of 24 h and signals of the link profile are listed here; rules of your own arrive with "
            "the alerts area.",
        ),
        age="view.as_of.alarms",
        name="alerts",
        note=live.value("view.alarms.said"),
        explained="Missions that failed or ended abnormally in the last 24 hours and signals of the link profile, the "
        "most pressing first. The figure above counts failures and the signals that call for action.",
    )
