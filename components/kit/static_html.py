"""Content that the browser gets as one piece of HTML instead of a component for each of its cells.

Dash asks every component of a page after every message to its store: what is long and only read is written here, by the
server, from the same components. What can be pressed in it says so by `press`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash.development.base_component import Component
from markupsafe import escape

if TYPE_CHECKING:
    from components.kit.live import Attributes, Content

_NAMES = {"className": "class", "htmlFor": "for"}
_ALONE = frozenset({"br", "hr", "img"})


class StaticHtml(Component):
    """A `div` with `html` in it, which `render` has made; drawn by `assets/js/shell/static-html.js`."""

    _namespace = "mission_control"
    _type = "StaticHtml"

    def __init__(self, html: str, className: str, label: str | None) -> None:  # noqa: N803 — as Dash spells it
        """`label` is what a screen reader calls it; "" for an ornament, which it passes over, None for a part of
        something that has a name."""
        self._prop_names = ["id", "html", "className", "label"]
        self._valid_wildcard_attributes: list[str] = []
        self.available_properties = self._prop_names
        self.available_wildcard_properties: list[str] = []
        super().__init__(html=html, className=className, label=label)  # type: ignore[no-untyped-call]


def press(store: str, value: str) -> Attributes:
    """Who presses what has these attributes puts `{"value": value, "at": epoch ms}` into the store."""
    return {"data-press": store, "data-press-value": value}


def render(content: Content) -> str:
    """The HTML of words and `dash.html` components, with every word escaped. Raises TypeError for anything else."""
    if content is None:
        return ""
    if isinstance(content, str | int | float):
        return str(escape(content))
    if isinstance(content, list | tuple):
        return "".join(render(each) for each in content)
    if not isinstance(content, Component) or content._namespace != "dash_html_components":  # noqa: SLF001 — what it is stands nowhere else
        raise TypeError(f"{type(content).__name__} cannot be written as HTML")
    props = dict(content.to_plotly_json()["props"])
    inside, name = props.pop("children", None), type(content).__name__.lower()
    opened = f"<{name}{''.join(_attribute(*each) for each in sorted(props.items()))}>"
    return opened if name in _ALONE else f"{opened}{render(inside)}</{name}>"


def _attribute(name: str, value: Any) -> str:  # noqa: ANN401 — whatever Dash takes
    """Raises TypeError for what is neither a word nor a number: an id that is a pattern, a style."""
    if value is None or value is False:
        return ""
    if not isinstance(value, str | int | float):
        raise TypeError(f"{name} cannot be written as HTML")
    return f' {_NAMES.get(name, name.lower())}="{escape(name if value is True else value)}"'
