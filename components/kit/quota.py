"""A quota as a bar: used, the forecast's band and middle, the limit at four fifths of the track."""

from __future__ import annotations

from dash import html

from components.kit import live
from components.kit.states import live_symbol


def quota_bar() -> html.Div:
    """Its places are percentages of the track; the limit stands at 80 so that an overrun is seen."""
    places = live.variables(used="x_used", low="x_low", high="x_high", tick="x_tick")
    parts = [html.I(className=f"quota-{part}") for part in ("used", "band")]
    ticks = [
        html.I(className="quota-tick", **live.attributes(data_shown="has_forecast")),
        html.I(className="quota-limit", **live.attributes(data_shown="has_limit")),
    ]
    return html.Div(
        [*parts, *ticks], className="quota-bar", role="img", **(places | live.attributes(aria_label="said"))
    )


def quota_row() -> html.Div:
    figures = html.Span(
        [live.value("used", "int", className="quota-figure"), live.value("of", className="quota-of")],
        className="quota-figures",
    )
    return live.row(
        [
            live_symbol("symbol"),
            live.value("$key", className="quota-name"),
            quota_bar(),
            figures,
            live.value("word", className="quota-word"),
        ],
        className="quota",
        **live.attributes(data_status="symbol"),
    )
