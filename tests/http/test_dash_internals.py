"""The names of Dash that it does not promise to keep: each is still there, and stands in one module on either side."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import dash
import dash_ag_grid
import orjson
import pytest
from dash import html

from callbacks.web import dash_internals
from components.kit.static_html import StaticHtml
from tests.architecture.house import ROOT, sources
from tests.callers import person

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

SCRIPT = (ROOT / "assets" / "js" / "dash-internals.js").read_text(encoding="utf-8")
RENDERER = Path(dash.__file__).parent
# What our scripts reach for in Dash's, and where each of them stands there.
REACHED = {
    RENDERER / "dash-renderer" / "build" / "dash_renderer.min.js": (
        "_pages_content",
        "_dash-layout",
        "_dash-dependencies",
        "_dash-update-component",
        "_dash-loading",
        "dash_component_api",
        "getLayout",
        "dash_clientside",
        "set_props",
        "no_update",
        "callback_context",
        "inputs_list",
    ),
    RENDERER / "dcc": ("_dashprivate_pushstate", "Plotly", "toImage"),
    Path(dash_ag_grid.__file__).parent: (
        "dashAgGridFunctions",
        "dashAgGridComponentFunctions",
        "dash_ag_grid",
        "getApi",
        "getDataAsCsv",
    ),
}
PRIVATE = re.compile(
    r"\bdash\._|_dashprivate|_pages_(?:content|location)|/_dash-|\._dash-|_dash_assets|dash_component_api|dash_clientside|dashAgGrid"
)


def words_of(path: Path) -> str:
    files = [path] if path.is_file() else sorted(path.rglob("*.js"))
    return "".join(file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("where", REACHED, ids=lambda path: path.stem)
def test_what_our_scripts_reach_for_stands_in_those_of_dash(where: Path) -> None:
    there = words_of(where) + (words_of(RENDERER / "dash.py") if where.suffix else "")
    assert [name for name in REACHED[where] if name not in there] == []


def test_our_scripts_reach_for_nothing_that_is_not_held_here() -> None:
    held = "".join(name for names in REACHED.values() for name in names)
    named = set(re.findall(r"globalThis\.(\w+)", SCRIPT)) - {"React"}
    assert {name for name in named if name not in held} == set()
    assert {name for name in re.findall(r'"[/.]?(_\w[\w-]+)"', SCRIPT) if name not in held} == set()


def test_its_addresses_and_endpoints_are_those_that_it_serves(server: Flask) -> None:
    rules = {rule.rule for rule in server.url_map.iter_rules()}
    assert {dash_internals.LAYOUT, dash_internals.DEPENDENCIES, dash_internals.CALLBACKS} <= rules
    assert {dash_internals.ANY_PAGE, *dash_internals.FILES} <= set(server.view_functions)
    assert all(path.startswith(dash_internals.OWN) for path in rules if path.startswith("/_") and "dash" in path)


def test_a_page_is_found_by_its_address_with_what_the_address_names(server: Flask) -> None:
    assert server
    page, variables = dash_internals.page_of("/domains/acme.io")
    assert {"layout", "title", "path_template"} <= page.keys()
    assert list(variables.values()) == ["acme.io"]
    assert dash_internals.page_of("/nothing/of/the/kind") == ({}, {})
    assert dash_internals.query_of("?job=LP-1") == {"job": "LP-1"}


def test_a_browser_is_told_no_layouts_and_gets_the_grid_when_it_is_due(mc: Services, server: Flask) -> None:
    page = person(mc, server, "viewer")("GET", "/").text
    config = orjson.loads(re.search(r'<script id="_dash-config"[^>]*>(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    assert "validation_layout" not in config
    assert config["suppress_callback_exceptions"] is True
    assert "dash_ag_grid" in " ".join(re.findall(r'<link data-later="([^"]*)">', page))


def test_the_frame_holds_the_address_and_the_page(mc: Services, server: Flask) -> None:
    frame = person(mc, server, "viewer")("GET", dash_internals.LAYOUT).text
    for name in (dash_internals.LOCATION, "_pages_content"):
        assert f'"{name}"' in frame


def test_components_tell_their_library_by_the_names_that_our_scripts_register() -> None:
    assert html.Div()._namespace == "dash_html_components"
    assert StaticHtml("", "", "").to_plotly_json()["namespace"] == "mission_control"
    assert 'registerComponents("mission_control"' in (ROOT / "assets" / "js" / "main.js").read_text(encoding="utf-8")


def test_they_stand_in_one_module_on_either_side() -> None:
    scripts = (ROOT / "assets" / "js").rglob("*.js")
    files = [path for path in (*sources(), *scripts) if path.stem not in {"dash_internals", "dash-internals"}]
    assert [path.name for path in files if PRIVATE.search(path.read_text(encoding="utf-8"))] == []
