"""The key figures of the Domains page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from components.kit import formats
from components.kit.cards import kpi_value
from data.status import Status

if TYPE_CHECKING:
    from dash import html


def cards(said: dict[str, Any]) -> list[html.Section]:
    change = said["mentions"] - said["mentions_before"]
    negative = said["negative_mentions"] / said["mentions"] if said["mentions"] else 0
    return [
        kpi_value(
            "Domains known",
            formats.whole(said["domains"]),
            f"{formats.whole(said['available'])} available",
            status=Status.NORMAL,
        ),
        kpi_value(
            "Opportunities",
            formats.whole(said["opportunities"]),
            f"available, over $1,000 · {formats.whole(said['opportunities_passing'])} pass all checks",
            status=Status.NORMAL,
        ),
        kpi_value(
            "Estimated total value",
            formats.money(said["opportunities_passing_value"]),
            f"of those that pass · {formats.money(said['opportunities_value'])} with the others",
            status=Status.NORMAL,
        ),
        kpi_value("Expiring or dropping", formats.whole(said["dropping"]), "within 30 days", status=Status.STANDBY),
        kpi_value("Watched", formats.whole(said["watched"]), "on the list", status=Status.STANDBY),
        kpi_value(
            "Mentions, 30 days",
            formats.whole(said["mentions"]),
            f"{'▲' if change >= 0 else '▼'} {formats.whole(abs(change))} vs previous 30 days · "
            f"{negative * 100:.0f} % negative",
            status=Status.CAUTION if negative > 1 / 3 else Status.NORMAL,
        ),
    ]
