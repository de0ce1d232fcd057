"""The fields of a form, each with its words, and the button that sends it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from components.kit import live

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dash.development.base_component import Component

Id = str | dict[str, Any]
Option = str | tuple[str, str]  # a value, or a value and its words


def field(
    label: str, control: Component, *more: Component, hint: str = "", error: Id | None = None, kind: str = ""
) -> html.Div:
    """A control below its label; `more` belongs to it unseen. `error` is the id of where it is said what is wrong."""
    said = [html.Label(label, htmlFor=_element(getattr(control, "id", "")), className="field-label"), control, *more]
    if hint:
        said.append(html.Span(hint, className="field-hint"))
    if error is not None:
        said.append(field_error(error))
    return html.Div(said, className=f"field {kind}".strip())


def choice(
    label: str,
    name: Id,
    options: Iterable[Option],
    *,
    kind: str = "",
    inline: bool = False,
    **properties: Any,  # noqa: ANN401 — any property of a drop-down
) -> html.Div:
    """A drop-down below its label, or behind it where it stands in a line of filters."""
    listed: Any = [{"value": one[0], "label": one[1]} if isinstance(one, tuple) else one for one in options]
    look, words = ("filter", f"{label}:") if inline else ("field", label)
    return html.Div(
        [
            html.Span(words, className=f"{look}-label", **live.attrs(aria_hidden="true")),
            dcc.Dropdown(id=name, options=listed, **({"searchable": False} | properties)),
        ],
        className=f"{look} {kind}".strip(),
        role="group",
        **live.attrs(aria_label=label),
    )


def submit(words: str, name: Id, *, kind: str = "") -> html.Button:
    return main_button(words, kind=kind, id=name)


def main_button(words: str, *, kind: str = "", **properties: Any) -> html.Button:  # noqa: ANN401 — any property of a button
    """The one of several that a person is here for."""
    return html.Button(words, className=f"button button-main {kind}".strip(), type="button", **properties)


def field_error(name: Id) -> html.Span:
    """Where it is said what is wrong with a field."""
    return html.Span(id=name, className="field-error", role="alert")


def _element(name: Id) -> str:
    """The id that the element bears in the page: Dash writes those that are patterns as JSON."""
    return name if isinstance(name, str) else json.dumps(name, separators=(",", ":"), sort_keys=True)
