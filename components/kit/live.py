"""Attributes that bind an element to the live state. `assets/js/live/paint.js` reads them; no tile has code of its own.

A path is looked up in the row when the element stands in a list's template, else in the state with its derived `view`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from dash import html
from dash.development.base_component import Component

Attributes = dict[str, Any]
Content = Component | str | Sequence[Component | str] | None
Format = Literal[
    "text", "int", "decimal", "percent", "duration", "countdown", "age", "ago", "time", "moment", "milliseconds"
]
WAITING = "–"


def attrs(**values: str) -> Attributes:
    """`marks(aria_label="Close")` is the attribute `aria-label`, which no Python name can spell."""
    return {name.replace("_", "-"): value for name, value in values.items()}


def text(path: str, form: Format = "text") -> Attributes:
    return {"data-live": path, "data-format": form}


def attributes(**paths: str) -> Attributes:
    """`attributes(data_status="symbol")` keeps the attribute `data-status` at the value of `symbol`."""
    return {"data-live-attr": ";".join(f"{name.replace('_', '-')}:{path}" for name, path in paths.items())}


def variables(**paths: str) -> Attributes:
    """`variables(p="progress")` keeps the CSS variable `--p` at the value of `progress`."""
    return {"data-live-style": ";".join(f"--{name.replace('_', '-')}:{path}" for name, path in paths.items())}


def shown(path: str) -> Attributes:
    return {"data-live-show": path, "hidden": True}


def spark(path: str, threshold: str | None = None) -> Attributes:
    line = {"data-threshold": threshold} if threshold else {}
    return {"data-spark": path, "aria-hidden": "true"} | line


def value(path: str, form: Format = "text", **properties: Any) -> html.Span:  # noqa: ANN401 — any property of a span
    return html.Span(WAITING, **(text(path, form) | properties))


def row(children: Content, **properties: Any) -> html.Div:  # noqa: ANN401 — any property of a div
    """The pattern of a list's rows; paths inside it are looked up in the row."""
    return html.Div(children, hidden=True, role="listitem", **({"data-template": ""} | properties))


def rows(path: str, template: html.Div, *, limit: int, sort: str = "", **properties: Any) -> html.Div:  # noqa: ANN401 — any property of a div
    """A list drawn by cloning `template` once per row of `path`; at most `limit` rows, `sort` like "-priority,name"."""
    binding = {"data-live-list": path, "data-limit": str(limit), "data-sort": sort}
    return html.Div(template, role="list", **(binding | properties))


def rest(whole: str) -> html.Div:
    """The line below a list that says how many of its rows are seen, where that is not all; `whole` is the path of how
    many there are. A row with `counts` false is none of them."""
    return html.Div(className="rest", hidden=True, **attrs(data_rest=whole))


def drawing(kind: str, *, canvas: bool = False, **said: Any) -> html.Div | html.Canvas:  # noqa: ANN401 — any property
    """A picture that `assets/js/live/paint.js` draws from the live state; `said` names it for who cannot see it."""
    properties = {"data-draw": kind, "className": f"drawing drawing-{kind}", "role": "img"} | said
    return html.Canvas(**properties) if canvas else html.Div(**properties)
