"""What Dash does not promise to keep, used here and nowhere else; `assets/js/dash-internals.js` is its other half.

Dash is held to a minor version in requirements.in, and tests/http/test_dash_internals.py fails when one of these is
called otherwise in the next.
"""

from __future__ import annotations

import re
from typing import Any

from dash import Dash
from dash._pages import _parse_query_string, _path_to_page

# Its own addresses and endpoints.
OWN = "/_dash"
LAYOUT, DEPENDENCIES, CALLBACKS = "/_dash-layout", "/_dash-dependencies", "/_dash-update-component"
ANY_PAGE = "/<path:path>"
STATIC = "_dash_assets.static"
SUITES = "/_dash-component-suites/"
FILES = (STATIC, f"{SUITES}<string:package_name>/<path:fingerprinted_path>", "/_favicon.ico")
# The component that holds the address, and what its router reads of it.
LOCATION = "_pages_location"
_GRIDS = re.compile(r'<script src="([^"]*/dash_ag_grid/dash_ag_grid[^"]*)"></script>')


class SparseDash(Dash):
    """Dash, which tells its browsers no layouts but that of their page."""

    def _config(self) -> dict[str, Any]:
        """The ids of callbacks were held against all layouts here, at the start: not again in every browser."""
        config: dict[str, Any] = super()._config()  # type: ignore[no-untyped-call]
        config.pop("validation_layout", None)
        return config | {"suppress_callback_exceptions": True}


def page_of(path: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Dash's own record of the page, and what its address names; nothing when there is none."""
    page, variables = _path_to_page(path.strip("/"))
    return page, variables or {}


def query_of(search: str) -> dict[str, Any]:
    """The parameters that Dash calls a page's layout with."""
    query: dict[str, Any] = _parse_query_string(search)
    return query


def without_grids(scripts: str) -> str:
    """The script tags of a page, the grid's as one that assets/js/shell/bootstrap.js fetches when all stands."""
    return _GRIDS.sub(r'<link data-later="\1">', scripts)
