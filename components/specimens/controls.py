from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from components.kit import live
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
                    className="symbol", **(live.marks(data_status="off") | live.attributes(data_status="symbol"))
                ),
                live.value("$key", className="service-name"),
                live.value("word", className="service-word"),
            ],
            className="service",
        ),
        limit=6,
        className="services",
        **live.marks(aria_label="Services"),
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
    choice = dcc.Dropdown(
        id="specimen-filter", options=["any", "follow", "nofollow"], value="any", clearable=False, searchable=False
    )
    label = html.Span("type:", className="filter-label", **live.marks(aria_hidden="true"))
    kind = html.Div([label, choice], className="filter", role="group", **live.marks(aria_label="type"))
    return html.Div([*ranges, kind], className="filters")


def _fields() -> html.Div:
    fields = [
        html.Div(
            [
                html.Label(title, htmlFor=f"specimen-{title.lower()}"),
                dcc.Input(id=f"specimen-{title.lower()}", placeholder="what to write here", autoComplete="off"),
                html.Span(words, className=kind),
            ],
            className="field",
        )
        for title, words, kind in (
            ("Field", "a hint", "field-hint"),
            ("Refused", "must be a domain such as example.com", "field-error"),
        )
    ]
    return html.Div(fields, className="form")


def _toasts() -> html.Div:
    marks = (Status.NORMAL, Status.CAUTION, Status.CRITICAL)
    return html.Div(
        [
            html.Button(f"Toast: {status}", type="button", className="button", **live.marks(data_toast=status))
            for status in marks
        ],
        className="specimens-row",
    )
