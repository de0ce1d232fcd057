from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from components.kit import address, live
from components.kit.cards import panel
from components.kit.charts import chart_panel
from components.kit.exports import RANGE, Export, filtered
from components.kit.page_header import notice, page_header
from components.kit.states import live_empty, skeleton
from components.kit.time_control import time_control
from components.quotas import forms, ids
from components.quotas.panels import quota_row
from data.timerange import USUAL_FROM, USUAL_TO

if TYPE_CHECKING:
    from components.kit.address import Address

_CLOCKS = (
    "When each provider runs out at the pace that is forecast, what its daily budget is, and what to do. The interval "
    "holds the truth in four of five cases."
)
_LOG = "Each query of the last hours: who answered it, for how many credits, and why the others were passed over."
_PERFORMANCE = "Calls, errors and latency by provider over the range. The router ranks by these."
_SAVINGS = "Changes that save credits, from the last 30 days of calls and the forecasts."
_LEDGERS = "Our own count against the number that each provider reports, and how far they drift apart."
REFRESH_S = 15  # forecasts are made every minute, the log grows with every query


def _bars() -> html.Section:
    listed = live.rows("view.quotas", quota_row(), limit=20, sort="order", className="quotas")
    nobody = live_empty(
        "view.empty.quotas", "No API provider yet.", "They appear when the worker has read the catalogue."
    )
    note: live.Content = [live.value("view.said.quotas"), " · 80 % interval · the tick is the forecast"]
    return panel(
        "API quota status",
        *(listed, nobody),
        name="quota-bars",
        note=note,
        explained="The bar is what is used of the period's quota, the pale band the 80 % interval of what it "
        "will be at "
        "its end, the tick the middle of that, the red tick the limit. The worst stands first.",
        exports=[Export("api_forecasts", RANGE)],
    )


def _forecast() -> html.Section:
    of = html.Span(id=ids.FORECAST_OF)
    exports = [Export("api_forecasts", RANGE | filtered(provider="provider"))]
    return chart_panel(
        "Forecast",
        ids.FORECAST,
        note=of,
        stamp=None,
        expected_s=REFRESH_S,
        explained="Credits of the running window: used so far, and what the forecast expects, with the interval that "
        "holds it in four of five cases. The lines across are the limit and the reserve for high priority.",
        exports=exports,
    )


def _drawn(
    title: str, name: str, explained: str, *, note: str, lines: int = 6, dataset: str | None = None
) -> html.Section:
    """A panel that a callback fills; `dataset` is what it can be taken away as, over the range."""
    css = name.removeprefix("quotas-")
    exports = [Export(dataset, RANGE)] if dataset else []
    body = html.Div(skeleton(lines), id=name)
    return panel(title, body, name=css, note=note, age=None, explained=explained, exports=exports)


def _panels(here: Address) -> list[html.Section | html.Div]:
    return [
        html.Div([_bars(), _forecast()], className="quotas-pair"),
        _drawn("Exhaustion clock", ids.CLOCKS, _CLOCKS, note="made every minute", dataset="api_forecasts"),
        html.Div([forms.what_if(here), forms.drill()], className="quotas-pair"),
        _drawn("Routing log", ids.LOG, _LOG, note="open one to see why it was routed there", dataset="api_decisions"),
        html.Div(
            [
                _drawn(
                    "Provider performance",
                    ids.PERFORMANCE,
                    _PERFORMANCE,
                    note="in the range above",
                    dataset="api_usage_daily",
                ),
                chart_panel(
                    "Credits by day",
                    ids.CREDITS_BY_DAY,
                    note="by provider",
                    stamp=None,
                    expected_s=REFRESH_S,
                    explained="Credits spent by day and provider. What the cache answered costs none.",
                    board="credits_by_day",
                    exports=[Export("api_usage_daily", RANGE)],
                ),
            ],
            className="quotas-pair",
        ),
        html.Div(
            [
                _drawn(
                    "Cost recommendations",
                    ids.SAVINGS,
                    _SAVINGS,
                    note="from the last 30 days and the forecasts",
                    lines=4,
                ),
                _drawn(
                    "Reconciliation",
                    ids.LEDGERS,
                    _LEDGERS,
                    note="alarm over 5 % or 24 h",
                    dataset="api_reconciliations",
                ),
            ],
            className="quotas-pair",
        ),
        forms.catalogue(),
    ]


def layout(here: Address = address.BARE) -> html.Div:
    """The page as its address says: `from`, `to` of the history; `var-provider` of the forecast; `var-type`,
    `var-priority`, `var-down` of the dry run."""
    wires = [
        address.store(ids.VIEW, here, start=USUAL_FROM, end=USUAL_TO),
        dcc.Interval(id=ids.TICK, interval=REFRESH_S * 1000),
        html.Div(hidden=True, **live.attrs(data_tick=ids.TICK)),
        dcc.Store(id=ids.ACTED),
        dcc.Store(id=ids.TOAST),
    ]
    counters = html.Div(skeleton(2), id=ids.COUNTERS)
    head = page_header(html.H1("Quotas"), time_control(here, name="Range of the history"))
    return html.Div([*wires, head, notice(ids.NOTICE), counters, *_panels(here)], className="page quotas-page")
