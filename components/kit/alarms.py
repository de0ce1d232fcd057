"""A row of what needs a person, with the button that says somebody is at it."""

from __future__ import annotations

from dash import html

from components.kit import live
from components.kit.states import live_symbol


def alarm_row() -> html.Div:
    return live.row(
        [
            live_symbol("symbol"),
            html.Div(
                [
                    html.A(
                        live.value("title"),
                        className="failure-title",
                        **(live.attrs(data_nav="") | live.attributes(href="href")),
                    ),
                    live.value("words", className="failure-words"),
                ]
            ),
            html.Div([_take_on(), live.value("taken", className="failure-taken"), _age()], className="failure-side"),
        ],
        className="failure",
        **live.attributes(data_status="symbol", data_ack="ack"),
    )


def _take_on() -> html.Button:
    """Says to everybody that somebody is at it; `assets/js/areas/alarms.js` sends it."""
    bound = live.attributes(data_alarm="alarm")
    return html.Button("Ack", type="button", className="button ack for-operators", title="Take it on", **bound)


def _age() -> html.Span:
    return live.value("at", "ago", className="failure-age")
