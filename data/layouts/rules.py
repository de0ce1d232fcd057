"""Where panels may stand. A board is a grid; every panel takes a rectangle of it, and no two share a cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, NotRequired, TypedDict, get_args

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from data.errors import FieldError

Screen = Literal["wall", "desk", "laptop", "phone"]
SCREENS: tuple[Screen, ...] = get_args(Screen)
DEEPEST = 400  # rows of a screen that scrolls


class Place(NamedTuple):
    """Left and top edge, width and height in cells."""

    x: int
    y: int
    w: int
    h: int


class Item(TypedDict):
    """A panel on a screen. `shows` is the number or chart in a widget's slot; a hidden panel takes no cell."""

    panel: str
    x: int
    y: int
    w: int
    h: int
    hidden: NotRequired[bool]
    shows: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Board:
    """The panels of a page, where each stands by itself, and the slots that wait for a number or a chart.

    `rows` is how many rows the screens in `fixed` have: those do not scroll.
    """

    columns: int
    rows: int
    fixed: frozenset[Screen]
    panels: Mapping[str, Mapping[Screen, Place]]
    least: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    slots: frozenset[str] = frozenset()

    def depth(self, screen: Screen) -> int:
        return self.rows if screen in self.fixed else DEEPEST


def place(item: Item) -> Place:
    return Place(item["x"], item["y"], item["w"], item["h"])


def overlap(one: Place, other: Place) -> bool:
    beside = one.x + one.w <= other.x or other.x + other.w <= one.x
    return not beside and one.y < other.y + other.h and other.y < one.y + one.h


def faults(board: Board, screen: Screen, items: list[Item], shown: frozenset[str]) -> list[FieldError]:
    """What is wrong with a layout, each with the path to its value; `shown` is what a slot may hold."""
    return [
        {"loc": ["panels", at, name], "msg": words}
        for at, item in enumerate(items)
        for name, words in (*_unknown(board, item, shown), *_outside(board, screen, item), *_twice(items, at))
    ]


def _unknown(board: Board, item: Item, shown: frozenset[str]) -> Iterator[tuple[str, str]]:
    name = item["panel"]
    if name not in board.panels and name not in board.slots:
        yield "panel", "there is no such panel on this page"
    elif name in board.slots and item.get("shows") not in shown:
        yield "shows", "must be a number or chart of the catalogue"
    elif name not in board.slots and item.get("shows") is not None:
        yield "shows", "only a widget's slot shows something else than itself"


def _outside(board: Board, screen: Screen, item: Item) -> Iterator[tuple[str, str]]:
    if item.get("hidden"):
        return
    width, height = board.least.get(item["panel"], (1, 1)) if screen != "phone" else (1, 1)
    if item["w"] < width:
        yield "w", f"must be at least {width} cells wide"
    if item["h"] < height:
        yield "h", f"must be at least {height} cells high"
    if item["x"] + item["w"] > board.columns:
        yield "x", f"reaches beyond the {board.columns} columns"
    if item["y"] + item["h"] > board.depth(screen):
        yield "y", f"reaches beyond the {board.depth(screen)} rows of this screen"


def _twice(items: list[Item], at: int) -> Iterator[tuple[str, str]]:
    item = items[at]
    if any(other["panel"] == item["panel"] for other in items[:at]):
        yield "panel", "is placed twice"
    elif not item.get("hidden"):
        under = (other for other in items[:at] if not other.get("hidden") and overlap(place(item), place(other)))
        if covered := next(under, None):
            yield "x", f"overlaps {covered['panel']}"


def settled(board: Board, screen: Screen, items: list[Item]) -> list[Item]:
    """The layout as it stands today: panels gone since are left out, new ones take their own place or a free one.

    On a screen that does not scroll a new panel without room is hidden.
    """
    known = [item for item in items if item["panel"] in board.panels or item["panel"] in board.slots]
    named = {item["panel"] for item in known}
    for name, places in board.panels.items():
        if name not in named:
            known.append(_housed(board, screen, name, places[screen], known))
    return known


def _housed(board: Board, screen: Screen, name: str, own: Place, others: list[Item]) -> Item:
    taken = [place(item) for item in others if not item.get("hidden")]
    width, height = board.least.get(name, (own.w, own.h))
    for wanted in (own, *free(board, screen, taken, (own.w, own.h)), *free(board, screen, taken, (width, height))):
        if not any(overlap(wanted, other) for other in taken):
            return {"panel": name, "x": wanted.x, "y": wanted.y, "w": wanted.w, "h": wanted.h}
    return {"panel": name, "x": own.x, "y": own.y, "w": own.w, "h": own.h, "hidden": True}


def free(board: Board, screen: Screen, taken: list[Place], size: tuple[int, int]) -> list[Place]:
    """The topmost, leftmost free place of this size; none on a full screen that does not scroll."""
    width, height = size
    lowest = max((one.y + one.h for one in taken), default=0)
    for y in range(min(lowest, board.depth(screen) - height) + 1):
        for x in range(board.columns - width + 1):
            wanted = Place(x, y, width, height)
            if not any(overlap(wanted, other) for other in taken):
                return [wanted]
    return []
