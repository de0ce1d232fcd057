from __future__ import annotations

from dash import html

from components.kit.cards import Delta, kpi, kpi_value
from components.kit.sparks import Spark
from data.status import Status


def cards() -> html.Div:
    parts = [
        kpi("Normal", "figure.some", trend="trends.rising", delta="view.delta.rising", status="tone.normal"),
        kpi("Of a whole", "figure.some", of="figure.many", trend="trends.falling", status="tone.normal"),
        kpi(
            "Over its threshold",
            "figure.some",
            trend="trends.rising",
            threshold="figure.limit",
            delta="view.delta.rising",
            status="tone.serious",
            tone="tone.serious",
        ),
        kpi("Critical", "figure.many", trend="trends.falling", status="tone.critical", tone="tone.critical"),
        kpi("Even", "figure.some", trend="trends.flat", status="tone.normal"),
        kpi("Without a trend", "figure.many", status="tone.normal"),
        kpi("Late", "figure.some", trend="trends.rising", status="tone.normal", age="aged.late"),
        kpi("Stale", "figure.some", trend="trends.rising", status="tone.normal", age="aged.stale"),
        kpi_value("Read once", "1,234", "what it is made of", status=Status.NORMAL),
        kpi_value(
            "With its change", "1,234", "what it is made of", delta=Delta("▲ 12", "good"), trend=Spark([3, 5, 4, 8, 9])
        ),
        kpi_value(
            "Lost today", "12", "of what there was", delta=Delta("▲ 9", "bad"), trend=Spark([1, 0, 2, 1, 9], "critical")
        ),
    ]
    return html.Div(parts, className="cards")


def lost() -> html.Div:
    return html.Div(
        [kpi("Lost", "figure.some", trend="trends.rising", status="tone.normal", tone="tone.normal")], className="cards"
    )
