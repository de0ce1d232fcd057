from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html

from components.kit import live
from components.kit.forms import choice, field, submit
from components.kit.states import badge, freshness, symbol
from data.status import SCALE, Status

if TYPE_CHECKING:
    from dash.development.base_component import Component


def statuses() -> list[Component]:
    named = [html.Span([symbol(status), " ", status], className="specimen") for status in SCALE]
    services = live.rows(
        "view.services",
        live.row(
            [
                html.Span(
                    className="symbol", **(live.attrs(data_status="off") | live.attributes(data_status="symbol"))
                ),
                live.value("$key", className="service-name"),
                live.value("word", className="service-word"),
            ],
            className="service",
        ),
        limit=6,
        className="services",
        **live.attrs(aria_label="Services"),
    )
    return [html.Div(named, className="specimens-row"), services]


def ages() -> html.Div:
    parts = [freshness(f"aged.{name}") for name in ("live", "late", "stale")]
    return html.Div([*parts, freshness("nowhere")], className="specimens-row")


def controls() -> list[Component]:
    return [_buttons(), _badges(), _filters(), _fields(), _toasts()]


def _buttons() -> html.Div:
    kinds = {"Main": "button-main", "Usual": "", "Quiet": "button-quiet", "Danger": "button-danger"}
    usual = [html.Button(words, type="button", className=f"button {kind}") for words, kind in kinds.items()]
    return html.Div(
        [*usual, html.Button("Disabled", type="button", disabled=True, className="button")], className="specimens-row"
    )


def _badges() -> html.Div:
    return html.Div([badge("plain"), badge("Simulation", tone="simulation")], className="specimens-row")


def _filters() -> html.Div:
    """The bar stands at the head of a page; what is chosen stands in the address."""
    ranges = [html.Button(words, type="button", className="button") for words in ("7 d", "30 d", "90 d")]
    kinds = ("any", "follow", "nofollow")
    kind = choice("type", "specimen-filter", kinds, inline=True, value="any", clearable=False)
    return html.Div([*ranges, kind], className="filters")


def _fields() -> html.Div:
    box: Any = {"placeholder": "what to write here", "autoComplete": "off"}
    wrong = html.Span("must be a domain such as example.com", className="field-error")
    fields = [
        field("Field", dcc.Input(id="specimen-field", **box), hint="a hint"),
        field("Refused", dcc.Input(id="specimen-refused", **box), wrong),
        choice("Choice", "specimen-choice", (("a", "One"), ("b", "Another")), placeholder="any"),
        submit("Submit", "specimen-submit"),
    ]
    return html.Div(fields, className="form")


def _toasts() -> html.Div:
    marks = (Status.NORMAL, Status.CAUTION, Status.CRITICAL)
    return html.Div(
        [
            html.Button(f"Toast: {status}", type="button", className="button", **live.attrs(data_toast=status))
            for status in marks
        ],
        className="specimens-row",
    )
