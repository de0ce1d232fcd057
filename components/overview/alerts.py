"""What asks for a person: alerts in groups, the most pressing first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.kit import live
from components.kit.alarms import alarm_row
from components.kit.cards import panel
from components.kit.states import link, live_empty

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
            "What the rules of the ",
            link("Alerts page", "/alerts"),
            " find is listed here, in groups.",
        ),
        age="view.as_of.alarms",
        name="alerts",
        note=live.value("view.alarms.said"),
        explained="Alerts that fire now, in the groups of their rules, the most pressing first. The figure above "
        "counts the groups that wait for a person, without those that are good to know or in somebody's hands.",
    )
