"""Reads markup as a person would see it: its links with their words, and what the page says of itself.

The markup streams through a parser that builds no tree: memory stays flat on any page. What is no live markup
(templates, scripts, the text of a textarea or an iframe, comments) is not read. `noscript` is: we run no scripts, so it
is for us.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from clients.satellite import wishes

_DEAD = "iframe noembed noframes plaintext script style template textarea title xmp"
_UNSEEN = "audio canvas datalist object rp video"
_BLOCKS = """
address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer
form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol optgroup option p pre section summary table tbody
td tfoot th thead tr ul"""
DEAD = frozenset(_DEAD.split())  # what the HTML standard parses as plain text, or keeps apart from the document
UNSEEN = frozenset(_UNSEEN.split())  # shown by who cannot show the element itself, or not at all
BLOCKS = frozenset(_BLOCKS.split())
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)")
_BLOCK = re.compile(r"display\s*:\s*(block|flex|grid|table|list-item)")


class Reference(NamedTuple):
    href: str
    text: str
    rel: str | None


def collect(markup: str) -> Collector:
    """Everything that broken markup, too, holds."""
    collector = Collector()
    parser = etree.HTMLParser(target=collector, encoding="utf-8", huge_tree=True)
    text = markup.replace("\x00", "").encode("utf-8", "replace")
    if text.strip():
        parser.feed(text)
        parser.close()
    return collector


class Collector:
    """Receives the parser's events; every start has its end."""

    def __init__(self) -> None:
        self.base: str | None = None
        self.canonical: str | None = None
        self.wishes: set[str] = set()
        self.references: list[Reference] = []
        self.refresh: str | None = None
        self.has_frames = self.has_scripts = self.has_text = False
        self._depth = 0
        self._dead_at: int | None = None  # depth of the element whose content is not live
        self._unseen_at: int | None = None  # depth of the element inside the open link that nobody sees
        self._open: tuple[str, str | None] | None = None
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self.has_scripts = self.has_scripts or tag == "script"
        if self._dead_at is not None:
            return
        if tag in DEAD:
            self._dead_at = self._depth
        elif tag == "a":
            self._start_link(attributes)
        elif tag == "area" and "href" in attributes:
            self.references.append(Reference(attributes["href"], attributes.get("alt", ""), attributes.get("rel")))
        elif self._open:
            self._start_inside(tag, attributes)
        self._note(tag, attributes)

    def data(self, text: str) -> None:
        if self._dead_at is not None:
            return
        self.has_text = self.has_text or not text.isspace()
        if self._open and self._unseen_at is None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if self._depth == self._dead_at:
            self._dead_at = None
        elif self._depth == self._unseen_at:
            self._unseen_at = None
        elif self._dead_at is None and tag == "a":
            self._finish()
        elif self._open and tag in BLOCKS:
            self._text.append(" ")
        self._depth -= 1

    def close(self) -> None:
        self._finish()

    def _start_link(self, attributes: dict[str, str]) -> None:
        if "href" in attributes:
            self._finish()
            self._open = (attributes["href"], attributes.get("rel"))

    def _start_inside(self, tag: str, attributes: dict[str, str]) -> None:
        """An element inside a link. A link that is hidden as a whole keeps its words, as `innerText` has it."""
        style = attributes.get("style", "").lower()
        if self._unseen_at is not None:
            return
        if tag in UNSEEN or "hidden" in attributes or _HIDING.search(style):
            self._unseen_at = self._depth
        elif tag == "img" or (tag == "input" and attributes.get("type", "").lower() == "image"):
            self._text.append(f" {attributes.get('alt', '')} ")
        elif tag in BLOCKS or _BLOCK.search(style):
            self._text.append(" ")

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        """What the page says of itself."""
        if tag == "base" and self.base is None:
            self.base = attributes.get("href")
        elif tag == "meta" and attributes.get("name", "").strip().lower() in wishes.OURS:
            self.wishes |= wishes.of_meta(attributes.get("content", ""))
        elif tag == "meta" and attributes.get("http-equiv", "").strip().lower() == "refresh":
            self.refresh = attributes.get("content", "")
        elif tag == "link" and self.canonical is None and "canonical" in attributes.get("rel", "").lower().split():
            self.canonical = attributes.get("href")
        elif tag in ("frame", "frameset"):
            self.has_frames = True

    def _finish(self) -> None:
        if self._open:
            href, rel = self._open
            self.references.append(Reference(href, "".join(self._text), rel))
        self._open, self._text, self._unseen_at = None, [], None
