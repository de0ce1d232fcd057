from __future__ import annotations

import pytest

from clients.satellite.file_types import of_a_file

PAGES = (
    "",
    "a",
    "a.html",
    "a.php?x=.png",
    "a.b/c",
    "ext/Node.js",
    "ASP.NET",
    "feed.xml",
    "robots.txt",
    "a.pdf/",
    "v1.0",
)
TITLES = (
    "a.pdf/",
    "wiki/File:Map.png",
    "wiki/File%3AMap.png",
    ".pdf",
    "style.css",
    "data.json?v=2",
    "#a.pdf",
    "?file=a.pdf",
)


@pytest.mark.parametrize("path", [*PAGES, *TITLES])
def test_what_may_be_a_page_is_asked_for(path: str) -> None:
    assert of_a_file(f"http://example.pdf/{path}") is None


@pytest.mark.parametrize(
    ("path", "ending"),
    [("a.png", ".png"), ("a.PDF", ".pdf"), ("a.tar.gz", ".gz"), ("a/b.zip?v=2", ".zip"), ("a.mp4#t=3", ".mp4")],
)
def test_what_is_a_file_is_not(path: str, ending: str) -> None:
    assert of_a_file(f"http://example.org/{path}") == ending
