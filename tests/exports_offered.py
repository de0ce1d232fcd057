"""What can be taken away: the datasets of the areas, and the links to files that a layout offers, as the browser makes
them (`assets/js/shell/exports.js`)."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from data.areas import parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dash.development.base_component import Component

    from data.exports import Dataset


def datasets() -> tuple[Dataset, ...]:
    """All that can be taken away as a file, of every area."""
    return tuple(dataset for module in parts("data", "exports") for dataset in module.DATASETS)


def offers(root: Component) -> list[tuple[str, dict[str, str]]]:
    """Each link with the parts of the address that it takes, and the parameters they become."""
    return [*_offers(root)]


def _offers(root: Component) -> Iterator[tuple[str, dict[str, str]]]:
    for each in root._traverse():
        properties: dict[str, Any] = each.to_plotly_json()["props"] if hasattr(each, "to_plotly_json") else {}
        links = _Links()
        links.feed(properties.get("html", ""))
        yield from links.found


class _Links(HTMLParser):
    """Those of a menu, which is one piece of markup."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = dict(attrs)
        if tag == "a" and of.get("data-export"):
            self.found.append((of["href"] or "", json.loads(of["data-export"] or "{}")))


def carried(href: str, takes: Mapping[str, str], view: Mapping[str, Any]) -> str:
    """The link as it is followed on a page with this address."""
    path, _, query = href.partition("?")
    pairs = [(name, value) for name, value in parse_qsl(query) if name not in takes.values()]
    for part, name in takes.items():
        given = view.get(part)
        pairs += [(name, value) for value in (given if isinstance(given, list) else [given]) if value]
    return f"{path}?{urlencode(pairs)}"
