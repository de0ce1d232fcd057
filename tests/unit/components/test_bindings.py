"""What pages bind to the live state is there."""

from __future__ import annotations

from dataclasses import asdict
from importlib import import_module
from typing import TYPE_CHECKING, Any, get_args

import pytest

from components.kit.view import View
from components.overview.widgets import number
from components.shell.layout import layout as shell
from data.areas import NUMBERS, PAGES
from data.live.sections import areas_of_sections, by_area
from data.status import SCALE
from tests.browser import states
from tests.live import is_there, kind_of, misfits
from tests.scripts import ask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dash.development.base_component import Component

LAYOUTS: dict[str, Any] = {
    **{area.name: import_module(f"components.{area.name}.layout").layout for area in PAGES},
    "shell": shell,
}
PLAIN = ("data-live", "data-live-list", "data-live-show", "data-spark", "data-threshold", "data-age", "data-rest")
NOW = 1_795_780_800_000
PAIRS = ("data-live-attr", "data-live-style")


def bindings(root: Any, row: Any = None) -> Iterator[tuple[str, Any]]:
    """Every path that is bound, with the kind of the row it is looked up in: None is the whole state."""
    if isinstance(root, list | tuple):
        for each in root:
            yield from bindings(each, row)
    elif hasattr(root, "to_plotly_json"):
        props = root.to_plotly_json()["props"]
        yield from ((props[name], row) for name in PLAIN if props.get(name))
        yield from ((pair.split(":")[1], row) for name in PAIRS if props.get(name) for pair in props[name].split(";"))
        listed = props.get("data-live-list")
        inner = row_of(listed) if listed else row
        yield from ((key.lstrip("-"), inner) for key in props.get("data-sort", "").split(",") if key)
        for value in props.values():
            yield from bindings(value, inner)


def row_of(path: str) -> Any:
    kind = kind_of(path)
    assert kind is not None, path
    return get_args(kind)[-1]


def lost(root: Component) -> list[str]:
    return [path for path, row in bindings(root) if path != "$key" and kind_of(path, row) is None]


@pytest.mark.parametrize("page", LAYOUTS)
def test_every_binding_of_a_page_leads_somewhere(page: str) -> None:
    assert lost(LAYOUTS[page]()) == []


def test_every_page_and_every_panel_of_the_board_is_held_against_the_state() -> None:
    assert {"overview", "missions", "backlinks", "domains", "quotas", "screens", "shell"} <= set(LAYOUTS)
    assert len(list(bindings(LAYOUTS["overview"]()))) > 100


def test_every_number_of_the_catalogue_leads_somewhere() -> None:
    sections = {section.name for sections in by_area().values() for section in sections}
    for one in NUMBERS.values():
        assert is_there(one.path), one
        assert one.trend is None or is_there(one.trend), one
        assert one.status is None or one.status in sections, one
        assert lost(number(one, "slot")) == [], one


@pytest.mark.parametrize(
    "path",
    [
        "view.note.jbos",
        "summary.active_jbos",
        "view.status.nothing",
        "nothing",
        "stamps.mv_nothing.refreshed",
        "view.as_of.x",
    ],
)
def test_a_misspelt_path_is_found(path: str) -> None:
    assert not is_there(path)


@pytest.mark.parametrize("state", [states.busy(NOW), states.empty(NOW)])
def test_the_view_that_the_browser_derives_has_the_declared_shape(state: dict[str, Any]) -> None:
    person = {"numbers": {name: asdict(one) for name, one in NUMBERS.items()}, "thresholds": {}}
    person |= {"scale": SCALE, "areas": areas_of_sections()}
    (view,) = ask("view", "viewOf", [(state, NOW, person)])
    assert sorted(set(misfits(view, View))) == []
    assert {area.name for area in PAGES} <= set(view["status"])


def test_the_navigation_binds_the_status_of_every_page() -> None:
    bound = {path for path, _ in bindings(shell())}
    assert {f"view.status.{area.name}" for area in PAGES} <= bound
