"""The browser lets a person put panels where the server takes them, and nowhere else."""

from __future__ import annotations

from dataclasses import asdict
from random import Random
from typing import Any

from components.overview.board import BOARD
from data.layouts import rules
from data.layouts.rules import DEEPEST, SCREENS, Board, Item, Place, Screen
from tests.scripts import ask

SMALL = Board(
    columns=12,
    rows=6,
    fixed=frozenset({"wall", "desk"}),
    panels={name: dict.fromkeys(SCREENS, Place(0, 0, 2, 2)) for name in "abcd"},
    least={"a": (2, 2), "b": (3, 1)},
)


def as_told(board: Board) -> dict[str, Any]:
    """A board as the page tells it to its scripts."""
    return asdict(board) | {"fixed": sorted(board.fixed), "slots": sorted(board.slots)}


def thrown(dice: Random, screen: Screen) -> list[Item]:
    """Panels that lie anywhere, most of them on the board and beside each other."""
    deep = SMALL.rows if screen in SMALL.fixed else dice.choice((8, DEEPEST))
    items: list[Item] = []
    for name in dice.sample("abcd", dice.randint(1, 4)):
        w, h = dice.randint(1, 5), dice.randint(1, 3)
        place = {"x": dice.randint(0, 13 - w), "y": dice.randint(max(0, deep - 8), deep + 1 - h), "w": w, "h": h}
        items.append({"panel": name, **place} | ({"hidden": True} if dice.random() < 0.1 else {}))  # type: ignore[typeddict-item]
    return items


def test_both_find_the_same_layouts_without_fault() -> None:
    dice = Random(7)
    cases = [(screen, thrown(dice, screen)) for _ in range(300) for screen in SCREENS]
    here = [rules.faults(SMALL, screen, items, frozenset()) == [] for screen, items in cases]
    there = ask("board", "valid", [(as_told(SMALL), screen, items) for screen, items in cases])
    assert there == here
    assert 100 < sum(here) < len(here) - 100


def test_both_find_the_same_free_place() -> None:
    dice = Random(11)
    cases = [
        (screen, thrown(dice, screen), (dice.randint(1, 6), dice.randint(1, 3)))
        for _ in range(100)
        for screen in SCREENS
    ]
    there = ask("board", "free", [(as_told(SMALL), screen, items, size) for screen, items, size in cases])
    for (screen, items, size), found in zip(cases, there, strict=True):
        taken = [rules.place(item) for item in items if not item.get("hidden")]
        here = next(iter(rules.free(SMALL, screen, taken, size)), None)
        assert found == (here._asdict() if here else None), (screen, items, size)


def test_the_overview_stands_by_itself_as_both_say() -> None:
    there = ask("board", "usual", [(as_told(BOARD), screen) for screen in SCREENS])
    assert there == [rules.settled(BOARD, screen, []) for screen in SCREENS]
