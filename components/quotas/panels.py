"""What other pages may show of quotas: bars with what is used, the forecast's band and the limit at four fifths."""

from __future__ import annotations

from dash import html

from components.kit import live
from components.kit.cards import panel
from components.kit.states import live_empty, live_symbol


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


def quotas(*, limit: int = 9) -> html.Section:
    listed = live.rows("view.quotas", quota_row(), limit=limit, sort="order", className="quotas")
    return panel(
        "API quota status",
        listed,
        live.rest("view.whole.quotas"),
        live_empty(
            "view.empty.quotas",
            "No API provider yet.",
            "Providers appear here once their usage is metered: what is used, what the rest of the period will bring, "
            "and the day each runs out.",
        ),
        age="view.as_of.quotas",
        name="quotas",
        note=[live.value("view.said.quotas")],
        explained="The bar is what is used of the period's quota, the pale band the 80 % interval of what it will be "
        "at its end, the white tick the middle of that, the red tick the limit. The worst comes first.",
    )
