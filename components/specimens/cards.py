from __future__ import annotations

from dash import html

from components.kit.cards import absent, kpi


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
        absent("Not connected", "No source yet", "arrives with its area", name="specimen-absent"),
    ]
    return html.Div(parts, className="cards")


def lost() -> html.Div:
    return html.Div(
        [kpi("Lost", "figure.some", trend="trends.rising", status="tone.normal", tone="tone.normal")], className="cards"
    )
