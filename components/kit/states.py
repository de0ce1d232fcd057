"""Status in colour and shape together, ages in words, and what a tile says while it has nothing to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from components.kit import live
from data.status import Status

if TYPE_CHECKING:
    from dash.development.base_component import Component


def symbol(status: Status) -> html.Span:
    return html.Span(className="symbol", role="img", **live.attrs(data_status=status, aria_label=status))


def live_symbol(path: str) -> html.Span:
    bound = live.attributes(data_status=path, aria_label=path)
    return html.Span(className="symbol", role="img", **(live.attrs(data_status="off", aria_label="unknown") | bound))


def freshness(path: str = "as_of", expected_s: float = 2) -> html.Span:
    """LIVE, LATE, STALE or LOST with the age of what `path` stamps; `expected_s` is how often it should come."""
    marks = live.attrs(data_age=path, data_expected=str(expected_s), data_state="waiting")
    return html.Span("WAITING", className="freshness", **marks)


def freshness_at(ms: int, expected_s: float) -> html.Span:
    """The same for what a callback drew: `ms` is when it asked, in epoch milliseconds."""
    marks = live.attrs(data_age="", data_age_at=str(ms), data_expected=str(expected_s), data_state="waiting")
    return html.Span("WAITING", className="freshness", **marks)


def badge(words: str, *, tone: str = "plain", **properties: Any) -> html.Span:  # noqa: ANN401 — any property of a span
    return html.Span(words, className=f"badge badge-{tone}", **properties)


def empty(title: str, *body: str | Component, **properties: Any) -> html.Div:  # noqa: ANN401 — any property of a div
    return html.Div([html.Strong(title), html.P(list(body))], className="empty", **properties)


def live_empty(path: str, title: str, *body: str | Component) -> html.Div:
    return empty(title, *body, **live.shown(path))


def skeleton(lines: int) -> html.Div:
    return html.Div([html.Span() for _ in range(lines)], className="skeleton", **live.attrs(aria_hidden="true"))


def failed(title: str, *body: str | Component, **properties: Any) -> html.Div:  # noqa: ANN401 — any property of a div
    """What stands where something could not be told; the body says what happens next or what to do."""
    return html.Div([symbol(Status.CRITICAL), html.Strong(title), html.P(list(body))], className="failed", **properties)


def link(words: str, href: str, *, within: bool = False, **properties: Any) -> html.A:  # noqa: ANN401 — any property of a link
    """A link inside the product; `clientside.js` follows it without loading the page again.

    `within` a page, a link like "?job=" changes that part of the address and leaves the rest.
    """
    return html.A(words, href=href, **(live.attrs(data_nav="within" if within else "") | properties))
