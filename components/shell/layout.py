"""What stands around every page: brand, navigation, clock, link state, service strip, toasts, wires of live data."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import dash
from dash import dcc, html

from components.kit import live, theme
from components.kit.states import live_symbol
from components.shell import config, ids
from components.shell.guide import destination
from data.areas import NUMBERS, PAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dash.development.base_component import Component

    from data.area import Area

INDEX = """<!DOCTYPE html>
<html lang="en" data-link="waiting">
  <head>
    {%metas%}
    <title>{%title%}</title>
    {%favicon%}
    {%css%}
  </head>
  <body>
    {%app_entry%}
    <footer>{%config%}{%scripts%}{%renderer%}</footer>
  </body>
</html>"""


def _brand() -> html.Div:
    words = [html.Span("Link Profiler ", className="brand-owner"), html.Span("Mission Control", className="brand-name")]
    return html.Div(
        [html.Span(className="brand-mark", **live.attrs(aria_hidden="true")), html.Div(words)], className="brand"
    )


def _destination(area: Area) -> html.A:
    bound = live.attributes(data_status=f"view.status.{area.name}")
    mark = html.Span(className="symbol", **(live.attrs(data_status="off", aria_hidden="true") | bound))
    said = live.value(f"view.status.{area.name}", className="sr-only")
    return html.A(
        [mark, html.Span(area.title, className="destination-name"), said],
        id=destination(area.name),
        href=area.path,
        className="destination",
        **live.attrs(data_nav="", title=area.title),
    )


def _meter(label: str, reading: html.Span, name: str) -> html.Div:
    return html.Div([reading, html.Span(label, className="meter-label")], className=f"meter meter-{name}")


def _status(who: list[Component]) -> html.Header:
    latency = html.Span(live.WAITING, **live.attrs(data_latency=""))
    clock = html.Span(live.WAITING, className="clock", **live.attrs(data_clock="utc"))
    day = html.Span(live.WAITING, **live.attrs(data_clock="day"))
    hint = "From the moment the server accepts an event until this screen shows it; 95 of 100 are faster."
    uptime = live.value("view.uptime")
    return html.Header(
        [
            html.Div(
                [latency, html.Span("Data delay (p95)", className="meter-label")],
                className="meter meter-latency",
                title=hint,
            ),
            _meter("Uptime", uptime, "uptime"),
            html.Div(
                [clock, html.Span(["Mission clock · ", day], className="meter-label")], className="meter meter-clock"
            ),
            html.Span("Simulation", className="badge badge-simulation", **live.shown("simulation")),
            _find(),
            html.Span("Waiting", id=ids.PILL, className="pill", role="status", **live.attrs(data_pill="")),
            config.opener(),
            html.Div(who, id=ids.PERSON, className="person"),
        ],
        className="status",
    )


def _find() -> html.Button:
    said = live.attrs(data_find="", aria_keyshortcuts="Control+K")
    return html.Button(
        ["Find ", html.Kbd("Ctrl K")],
        id=ids.FIND,
        className="button button-quiet find",
        type="button",
        title="Find (Ctrl K)",
        **said,
    )


def _service() -> html.Div:
    return live.row(
        [
            live_symbol("symbol"),
            live.value("$key", className="service-name"),
            live.value("word", className="service-word"),
        ],
        className="service",
    )


def _strip() -> html.Footer:
    services = live.rows(
        "view.services",
        _service(),
        limit=12,
        sort="order",
        className="services",
        **live.attrs(aria_label="Services"),
    )
    age = html.Span(
        ["data ", html.Span(live.WAITING, **live.attrs(data_age="as_of", data_expected="2"))], className="strip-age"
    )
    zone = html.Span("lists in UTC", title="The zone of times in lists: Config", **live.attrs(data_lists_zone=""))
    return html.Footer([services, age, zone, html.Span(["v", live.value("version")])], className="strip")


def _banner() -> html.Div:
    return html.Div(
        [
            html.Span(className="symbol", **live.attrs(data_status="critical", aria_hidden="true")),
            html.Strong("Data link lost", **live.attrs(data_banner="title")),
            html.Span("00:00:00", className="banner-clock", **live.attrs(data_banner="clock", aria_hidden="true")),
            html.Span("", **live.attrs(data_banner="words")),
        ],
        className="banner",
        role="alert",
        hidden=True,
        **live.attrs(data_banner="box"),
    )


def _wires(refresh_ms: int, sections: Mapping[str, str]) -> html.Div:
    return html.Div(
        [
            dcc.Store(id=ids.STAMPS),
            dcc.Store(id=ids.SINK),
            dcc.Store(id=ids.CHART_TEMPLATE, data=theme.template()),
            dcc.Interval(id=ids.POLL, interval=refresh_ms, disabled=True),
            html.Div(**live.attrs(data_numbers=json.dumps([asdict(number) for number in NUMBERS.values()]))),
            html.Div(**live.attrs(data_poll_ms=str(refresh_ms))),
            config.catalogue(sections),
            html.Div(**live.attrs(data_live_feed="stamps", data_feed_to=ids.STAMPS)),
        ],
        hidden=True,
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """The page that stands in the layout from the start, and the address that it belongs to."""

    path: str
    search: str
    title: str
    content: Component


def _container(opened: Opened | None) -> Component:
    """Dash's container of the pages. One that holds its page does not ask for it: its address did not change."""
    container: Component = deepcopy(dash.page_container)
    if opened:
        location, content, store, _ = container.children
        location.pathname, location.search = opened.path, opened.search
        content.children, store.data = opened.content, {"title": opened.title}
    return container


def layout(
    *,
    refresh_ms: int = 1000,
    who: list[Component] | None = None,
    guide: Component | None = None,
    granted: Sequence[str] = (),
    opened: Opened | None = None,
    sections: Mapping[str, str] | None = None,
) -> html.Div:
    """The whole product around its pages, for `who` may do what is `granted`; `refresh_ms` is how often it polls while
    sockets are off, `sections` the area of each section of the live state."""
    nav = html.Nav([_destination(area) for area in PAGES], className="nav", **live.attrs(aria_label="Areas"))
    return html.Div(
        [
            html.A("Skip to content", href="#content", className="skip"),
            _brand(),
            nav,
            _status(who or []),
            _banner(),
            html.Main(_container(opened), id="content", className="content", tabIndex="-1"),
            _strip(),
            html.Div(className="toasts", role="status", **live.attrs(data_toasts="", aria_live="polite")),
            config.drawer(),
            guide or html.Div(),
            _wires(refresh_ms, sections or {}),
        ],
        id=ids.SHELL,
        className=" ".join(("shell", *granted)),
    )
