"""What a callback drew, as components, and as a person reads it: HTML that comes in one piece is taken apart again."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

ALONE = frozenset({"br", "hr", "img"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[list[Any]] = [[]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        inside: list[Any] = []
        self.open[-1].append({"type": tag.capitalize(), "props": dict(attrs) | {"children": inside}})
        if tag not in ALONE:
            self.open.append(inside)

    def handle_endtag(self, tag: str) -> None:
        del tag
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].append(data)


def unfolded(part: Any) -> Any:
    if isinstance(part, list):
        return [unfolded(each) for each in part]
    if not isinstance(part, dict):
        return part
    if part.get("type") == "StaticHtml":
        reader = _Reader()
        reader.feed(part["props"]["html"])
        return {"type": "StaticHtml", "props": {"children": reader.open[0]}}
    return {name: unfolded(value) for name, value in part.items()}


def texts(part: Any) -> list[str]:
    """All that is written in it, in its order."""
    if isinstance(part, list):
        return [word for each in part for word in texts(each)]
    if isinstance(part, dict):
        return texts(part.get("props", {}).get("children"))
    return [] if part is None else [str(part)]


def words(part: Any) -> str:
    return "".join(texts(part))


def of_type(part: Any, kind: str) -> list[Any]:
    if isinstance(part, list):
        return [found for each in part for found in of_type(each, kind)]
    if not isinstance(part, dict):
        return []
    inner = of_type(part.get("props", {}).get("children"), kind)
    return [part, *inner] if part.get("type") == kind else inner


def rows(part: Any, between: str = "") -> list[list[str]]:
    """The cells of a drawn table, without its head."""
    found = [[between.join(texts(cell)) for cell in of_type(row, "Td")] for row in of_type(part, "Tr")]
    return [row for row in found if row]
