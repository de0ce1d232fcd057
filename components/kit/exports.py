"""A table or chart as a file, in four forms: entries in the menu of every panel that has a dataset.

The links carry what the address filters by (`assets/js/shell/exports.js`), so that a file holds what the panel shows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from dash import html

from components.kit import live

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash.development.base_component import Component

FORMS = {"csv": "CSV", "json": "JSON", "parquet": "Parquet", "xlsx": "Excel"}
RANGE = {"from": "from", "to": "to"}


@dataclass(frozen=True, slots=True)
class Export:
    """A dataset of the export API; `takes` are the parts of the address that narrow it and the parameters they become,
    `given` are parameters that stay. `title` tells two datasets of one panel apart."""

    dataset: str
    takes: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    title: str = ""


def filtered(**parameters: str) -> dict[str, str]:
    """`filtered(brand="brand")`: `var-brand` of the address is the dataset's `brand`."""
    return {f"var-{name}": parameter for name, parameter in parameters.items()}


def files(title: str, *exports: Export) -> list[Component]:
    """`title` is the panel's own. The server decides who may take it: it answers others with words."""
    return [part for each in exports for part in _links(title, each)]


def _links(title: str, export: Export) -> list[Component]:
    query = f"?{urlencode(export.given)}" if export.given else ""
    links = [
        html.A(
            words,
            href=f"/api/v1/export/{export.dataset}.{form}{query}",
            className="dropdown-item",
            **live.attrs(
                download="",
                data_export=json.dumps(dict(export.takes)),
                aria_label=f"{export.title or title} as {words}",
            ),
        )
        for form, words in FORMS.items()
    ]
    named = f"Export {export.title[:1].lower()}{export.title[1:]}" if export.title else "Export"
    return [html.Span(named, className="menu-title"), html.Div(links, className="menu-files")]
