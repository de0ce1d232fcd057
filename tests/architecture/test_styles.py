"""A style sheet of an area speaks of its own page: what it says reaches no other."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.architecture.house import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

# The page's class, and what the names of the area's own classes begin with. The overview composes panels of all areas.
PAGES = {
    "backlinks": (".backlinks", ".backlinks-"),
    "domains": (".domains", ".domains-"),
    "kit": (".kit", ".specimens"),
    "missions": (".missions", ".missions-"),
    "quotas": (".quotas-page", ".quotas-"),
    "screens": (".screens-page", ".screens-"),
}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PIECE = re.compile(r"([^{};]*)([{};])")


def selectors(sheet: str) -> Iterator[tuple[str, ...]]:
    """Every selector with those that it is nested in, the outermost first; queries are left out."""
    nested: list[str] = []
    for words, end in _PIECE.findall(_COMMENT.sub("", sheet)):
        if end == "{":
            nested.append(" ".join(words.split()))
            if not nested[-1].startswith("@"):
                yield tuple(each for each in nested if not each.startswith("@"))
        elif end == "}":
            nested.pop()


def parts(selector: str) -> list[str]:
    """`.a:is(.b, .c), .d` are two: what stands in brackets belongs to what it follows."""
    inner = re.sub(r"\[[^\]]*\]|\([^()]*\)", lambda found: "_" * len(found.group()), selector)
    while (less := re.sub(r"\([^()]*\)", lambda found: "_" * len(found.group()), inner)) != inner:
        inner = less
    ends = [at for at, sign in enumerate(inner) if sign == ","]
    return [
        selector[start:end].strip() for start, end in zip([0, *(at + 1 for at in ends)], [*ends, None], strict=True)
    ]


def strays(sheet: str, page: str, own: str) -> list[str]:
    return [
        each[0]
        for each in selectors(sheet)
        if each[0] != f":where({page})"
        and not all(re.match(rf"{re.escape(page)}(?![\w-])|[.#]{re.escape(own[1:])}", part) for part in parts(each[0]))
    ]


@pytest.mark.parametrize("area", PAGES)
def test_an_areas_sheet_reaches_its_own_page_alone(area: str) -> None:
    page, own = PAGES[area]
    assert strays((ROOT / "assets" / f"40-{area}.css").read_text(encoding="utf-8"), page, own) == []


@pytest.mark.parametrize("area", PAGES)
def test_an_areas_page_bears_its_class(area: str) -> None:
    folder = {"kit": "gallery"}.get(area, area)
    layout = (ROOT / "components" / folder / "layout.py").read_text(encoding="utf-8")
    assert re.search(rf'className="page {PAGES[area][0][1:]}[" ]', layout)


@pytest.mark.parametrize(
    ("sheet", "stray"),
    [
        (".drill { color: red; }", [".drill"]),
        ("@media (max-width: 699px) { .route > a { top: 0; } }", [".route > a"]),
        (".quotas-page .x, .why { top: 0; }", [".quotas-page .x, .why"]),
        (".quotas-page { top: 0; } .quotas-pair > .panel { top: 0; }", []),
        ("/* .drill { } */ :where(.quotas-page) { .drill { top: 0; } .why:is(.a, .b) { top: 0; } }", []),
        (".quotas-pages { top: 0; }", []),
        (".quotas { top: 0; }", [".quotas"]),
    ],
)
def test_what_leaves_the_page_is_seen(sheet: str, stray: list[str]) -> None:
    assert strays(sheet, *PAGES["quotas"]) == stray
