"""Attributes that bind an element to the live state. `assets/live-paint.js` reads them; no tile has code of its own.

A path is looked up in the row when the element stands in a list's template, else in the state with its derived `view`.
"""

from __future__ import annotations

from typing import Any, Literal

from dash import html

Attributes = dict[str, Any]
Format = Literal[
    "text", "int", "decimal", "percent", "duration", "countdown", "age", "ago", "time", "moment", "milliseconds"
]
WAITING = "–"


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


def spark(path: str) -> Attributes:
    return {"data-spark": path, "aria-hidden": "true"}


def value(path: str, form: Format = "text", **properties: Any) -> html.Span:  # noqa: ANN401 — any property of a span
    return html.Span(WAITING, **(text(path, form) | properties))


def rows(path: str, template: html.Div, *, limit: int, sort: str = "", **properties: Any) -> html.Div:  # noqa: ANN401
    """A list drawn by cloning `template` once per row of `path`; at most `limit` rows, `sort` like "-priority,name"."""
    template.hidden = True
    setattr(template, "data-template", "")
    binding = {"data-live-list": path, "data-limit": str(limit), "data-sort": sort}
    return html.Div(template, **(binding | properties))
