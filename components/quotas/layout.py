from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html

from components.kit import address, live
from components.kit.cards import panel
from components.kit.charts import chart_panel
from components.kit.files import files
from components.kit.heads import RANGES, page_head
from components.kit.quota import quota_row
from components.kit.ranges import DEFAULT_FROM, DEFAULT_TO, moment
from components.kit.states import live_empty, skeleton
from components.quotas import forms, ids

if TYPE_CHECKING:
    from datetime import datetime

    from components.kit.address import Address

FILES = {  # where links stand: to which dataset, under which table
    ids.CLOCKS_FILES: ("api_forecasts", "Exhaustion clock"),
    ids.LOG_FILES: ("api_decisions", "Routing log"),
    ids.PERFORMANCE_FILES: ("api_usage_daily", "Provider performance"),
    ids.LEDGERS_FILES: ("api_reconciliations", "Reconciliation"),
}
REFRESH_S = 15  # forecasts are made every minute, the log grows with every query


def _bars() -> html.Section:
    listed = live.rows("view.quotas", quota_row(), limit=20, sort="order", className="quotas")
    nobody = live_empty(
        "view.empty.quotas", "No API provider yet.", "They appear when the worker has read the catalogue."
    )
    note: live.Content = [live.value("view.said.quotas"), " · 80 % interval · the tick is the forecast"]
    return panel("API quota status", listed, nobody, name="quota-bars", note=note)


def _forecast() -> html.Section:
    of = html.Span(id=ids.FORECAST_OF)
    return chart_panel("Forecast", ids.FORECAST, note=of, stamp=None, expected_s=REFRESH_S)


def taken(place: str, here: Address, now: datetime) -> html.Nav:
    """The links to a table's files, over the page's range, of its provider where one is chosen; words that mean
    no range are the usual one, as on the page."""
    start, end = (words if words and moment(words, now) else None for words in (here.start, here.end))
    chosen = {"from": start or DEFAULT_FROM, "to": end or DEFAULT_TO, "provider": here.value("provider")}
    return files(*FILES[place], chosen)


def _drawn(title: str, name: str, *, note: str, lines: int = 6, taken_at: str | None = None) -> html.Section:
    """A panel that a callback fills; `taken_at` is where the links to its files stand."""
    css = name.removeprefix("quotas-")
    below = [html.Div(id=taken_at)] if taken_at else []
    return panel(title, html.Div(skeleton(lines), id=name), *below, name=css, note=note, age=None)


def _panels(here: Address) -> list[html.Section | html.Div]:
    return [
        html.Div([_bars(), _forecast()], className="quotas-pair"),
        _drawn("Exhaustion clock", ids.CLOCKS, note="made every minute", taken_at=ids.CLOCKS_FILES),
        html.Div([forms.what_if(here), forms.drill()], className="quotas-pair"),
        _drawn("Routing log", ids.LOG, note="open one to see why it went there", taken_at=ids.LOG_FILES),
        html.Div(
            [
                _drawn(
                    "Provider performance", ids.PERFORMANCE, note="in the range above", taken_at=ids.PERFORMANCE_FILES
                ),
                chart_panel("Credits by day", ids.CREDITS_BY_DAY, note="by provider", stamp=None, expected_s=REFRESH_S),
            ],
            className="quotas-pair",
        ),
        html.Div(
            [
                _drawn("Cost recommendations", ids.SAVINGS, note="from the last 30 days and the forecasts", lines=4),
                _drawn("Reconciliation", ids.LEDGERS, note="alarm over 5 % or 24 h", taken_at=ids.LEDGERS_FILES),
            ],
            className="quotas-pair",
        ),
        forms.catalogue(),
    ]


def layout(here: Address = address.BARE) -> html.Div:
    """The page as its address says: `from`, `to` of the history; `var-provider` of the forecast; `var-type`,
    `var-priority`, `var-down` of the dry run."""
    wires = [
        address.store(ids.VIEW, here, start=DEFAULT_FROM, end="now"),
        dcc.Interval(id=ids.TICK, interval=REFRESH_S * 1000),
        dcc.Store(id=ids.ACTED),
        dcc.Store(id=ids.TOAST),
    ]
    counters = html.Div(skeleton(2), id=ids.COUNTERS)
    head = page_head(html.H1("Quotas"), RANGES, "History", "History range")
    return html.Div([*wires, head, counters, *_panels(here)], className="page quotas-page")
