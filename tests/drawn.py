"""What a callback drew, as components: HTML that comes in one piece is taken apart again."""

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
    if part.get("type") == "Markup":
        reader = _Reader()
        reader.feed(part["props"]["html"])
        return {"type": "Markup", "props": {"children": reader.open[0]}}
    return {name: unfolded(value) for name, value in part.items()}
