"""Where panels may stand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.overview.board import BOARD
from data.areas import CHARTS, NUMBERS
from data.layouts import rules
from data.layouts.rules import SCREENS, Board, Item, Place, Screen

SMALL = Board(
    columns=12,
    rows=6,
    fixed=frozenset({"wall"}),
    panels={"a": dict.fromkeys(SCREENS, Place(0, 0, 6, 3)), "b": dict.fromkeys(SCREENS, Place(6, 0, 6, 3))},
    least={"a": (2, 2)},
    slots=frozenset({"slot"}),
)


def item(panel: str, x: int, y: int, w: int, h: int, **more: Any) -> Item:
    return {"panel": panel, "x": x, "y": y, "w": w, "h": h, **more}  # type: ignore[typeddict-item]


@pytest.mark.parametrize("screen", SCREENS)
def test_the_overviews_own_places_are_a_layout_without_fault(screen: Screen) -> None:
    items = [item(name, *places[screen]) for name, places in BOARD.panels.items()]
    assert rules.faults(BOARD, screen, items, {*NUMBERS, *CHARTS}) == []
    assert rules.settled(BOARD, screen, []) == items


@pytest.mark.parametrize(
    ("items", "where", "words"),
    [
        ([item("c", 0, 0, 2, 2)], [0, "panel"], "no such panel"),
        ([item("a", 0, 0, 2, 2), item("a", 4, 0, 2, 2)], [1, "panel"], "twice"),
        ([item("a", 0, 0, 6, 3), item("b", 5, 2, 2, 2)], [1, "x"], "overlaps a"),
        ([item("b", 11, 0, 2, 2)], [0, "x"], "beyond the 12 columns"),
        ([item("b", 0, 5, 2, 2)], [0, "y"], "beyond the 6 rows"),
        ([item("a", 0, 0, 1, 2)], [0, "w"], "at least 2"),
        ([item("a", 0, 0, 2, 1)], [0, "h"], "at least 2"),
        ([item("slot", 0, 0, 2, 2)], [0, "shows"], "catalogue"),
        ([item("slot", 0, 0, 2, 2, shows="nothing")], [0, "shows"], "catalogue"),
        ([item("a", 0, 0, 2, 2, shows="queue_depth")], [0, "shows"], "only a widget"),
    ],
)
def test_what_is_wrong_is_named(items: list[Item], where: list[Any], words: str) -> None:
    [fault] = rules.faults(SMALL, "wall", items, {*NUMBERS, *CHARTS})
    assert fault["loc"] == ["panels", *where]
    assert words in fault["msg"]


def test_a_hidden_panel_takes_no_place_and_a_screen_that_scrolls_is_deep() -> None:
    hidden = [item("a", 0, 0, 6, 3), item("b", 0, 0, 6, 3, hidden=True)]
    assert rules.faults(SMALL, "wall", hidden, {*NUMBERS, *CHARTS}) == []
    assert rules.faults(SMALL, "laptop", [item("b", 0, 90, 6, 3)], {*NUMBERS, *CHARTS}) == []


def test_a_panel_that_came_later_takes_its_own_place_a_free_one_or_none() -> None:
    own = rules.settled(SMALL, "wall", [item("a", 0, 3, 6, 3)])
    assert own[1] == item("b", 6, 0, 6, 3)
    moved = rules.settled(SMALL, "wall", [item("a", 6, 0, 6, 3)])
    assert moved[1] == item("b", 0, 0, 6, 3)
    full = rules.settled(SMALL, "wall", [item("a", 0, 0, 12, 6)])
    assert full[1] == item("b", 6, 0, 6, 3, hidden=True)
    below = rules.settled(SMALL, "laptop", [item("a", 0, 0, 12, 6)])
    assert below[1] == item("b", 0, 6, 6, 3)


def test_a_panel_that_is_gone_is_left_out() -> None:
    assert [one["panel"] for one in rules.settled(SMALL, "wall", [item("gone", 0, 0, 12, 6)])] == ["a", "b"]


@given(
    st.lists(
        st.builds(
            item,
            st.sampled_from(["a", "b", "slot", "gone"]),
            st.integers(0, 11),
            st.integers(0, 9),
            st.integers(1, 12),
            st.integers(1, 9),
            shows=st.just("queue_depth"),
        ),
        max_size=1,
    ),
    st.sampled_from(SCREENS),
)
def test_what_is_settled_never_overlaps_what_was_saved(items: list[Item], screen: Screen) -> None:
    shown = [one for one in rules.settled(SMALL, screen, items) if not one.get("hidden")]
    places = [rules.place(one) for one in shown]
    assert not any(rules.overlap(one, other) for at, one in enumerate(places) for other in places[:at])
