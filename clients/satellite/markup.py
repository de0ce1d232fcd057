"""Reads markup as a person would see it: its links with their words, and what the page says of itself.

The markup streams through a parser that builds no tree: memory stays flat on any page. What is no live markup
(templates, scripts, the text of a textarea or an iframe, comments) is not read. `noscript` is: we run no scripts, so it
is for us.

The parser's tokens are those of the HTML standard, its tree is not: it overlooks an `</a>` or a `</template>` that
stands where another element is open. So each of them is marked by an empty element before it, and the marks count.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from clients.satellite import robots_directives

_DEAD = "iframe noembed noframes plaintext script style textarea title xmp"
_UNSEEN = "audio canvas datalist object rp video"
_BLOCKS = """
address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol optgroup option p pre section summary
table tbody td tfoot th thead tr ul"""
DEAD = frozenset(_DEAD.split())  # what the HTML standard parses as plain text
UNSEEN = frozenset(_UNSEEN.split())  # shown by who cannot show the element itself, or not at all
BLOCKS = frozenset(_BLOCKS.split())
CELLS = frozenset(("caption", "td", "th"))  # no link reaches beyond them
_MARKED = re.compile(r"</(a|template)(?=[\s/>])", re.IGNORECASE)
_MARK = r"<mc-end-\1></mc-end-\1></\1"
_MARKS = re.compile(r"<mc-end-(?:a|template)></mc-end-(?:a|template)>", re.IGNORECASE)
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
    text = _MARKED.sub(_MARK, markup.replace("\x00", "")).encode("utf-8", "replace")
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
        self._templates = 0
        self._dead_at: int | None = None  # depth of the element whose content is plain text
        self._unseen_at: int | None = None  # depth of the element inside the open link that nobody sees
        self._open: tuple[str, str | None] | None = None
        self._open_at = self._open_in = 0  # depth of the open link's element, and in how many cells it stands
        self._cells = 0
        self._text: list[str] = []
        self._blocks: list[int] = []  # depths of the blocks inside the open link

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._cells += tag in CELLS
        self.has_scripts = self.has_scripts or tag == "script"
        if tag == "template" and self._dead_at is None:
            self._templates += 1
        elif tag == "mc-end-template":
            self._templates = max(0, self._templates - 1)
        elif self._is_live:
            self._start_live(tag, attributes)

    def data(self, text: str) -> None:
        if self._is_live:
            self.has_text = self.has_text or not text.isspace()
            if self._open and self._unseen_at is None:
                self._text.append(text)

    def end(self, tag: str) -> None:
        if self._depth == self._dead_at:
            self._dead_at = None
        elif self._depth == self._unseen_at:
            self._unseen_at = None
        elif self._open and self._depth == self._open_at:
            self._reopen()
        elif self._blocks and self._depth == self._blocks[-1]:
            self._text.append(" ")
            self._blocks.pop()
        if tag in CELLS and self._cells:
            if self._open and self._open_in == self._cells:
                self._finish()
            self._cells -= 1
        self._depth -= 1

    def close(self) -> None:
        self._finish()

    @property
    def _is_live(self) -> bool:
        return self._dead_at is None and self._templates == 0

    def _start_live(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in DEAD:
            self._dead_at = self._depth
        elif tag == "a":
            self._start_link(attributes)
        elif tag == "mc-end-a":
            self._finish()
        elif tag == "area" and "href" in attributes:
            href = _unmarked(attributes["href"])
            self.references.append(Reference(href, attributes.get("alt", ""), attributes.get("rel")))
        elif self._open and self._unseen_at is None:
            self._start_inside(tag, attributes)
        self._note(tag, attributes)

    def _start_link(self, attributes: dict[str, str]) -> None:
        self._finish()
        if "href" in attributes:
            self._open = (_unmarked(attributes["href"]), attributes.get("rel"))
            self._open_at, self._open_in = self._depth, self._cells

    def _start_inside(self, tag: str, attributes: dict[str, str]) -> None:
        """An element inside a link. A link that is hidden as a whole keeps its words, as `innerText` has it."""
        style = attributes.get("style", "").lower()
        if tag in UNSEEN or "hidden" in attributes or _HIDING.search(style):
            self._unseen_at = self._depth
        elif tag == "img" or (tag == "input" and attributes.get("type", "").lower() == "image"):
            self._text.append(f" {attributes.get('alt', '')} ")
        elif tag in BLOCKS or _BLOCK.search(style):
            self._text.append(" ")
            self._blocks.append(self._depth)

    def _reopen(self) -> None:
        """The element around an open link has ended: the standard goes on with another link to the same address."""
        link = self._open
        self._finish()
        self._open, self._open_at = link, 0

    def _note(self, tag: str, attributes: dict[str, str]) -> None:
        """What the page says of itself."""
        if tag == "base" and self.base is None:
            self.base = attributes.get("href")
        elif tag == "meta" and attributes.get("name", "").strip().lower() in robots_directives.OURS:
            self.wishes |= robots_directives.of_meta(attributes.get("content", ""))
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
        self._open, self._unseen_at = None, None
        self._text, self._blocks = [], []


def _unmarked(href: str) -> str:
    return _MARKS.sub("", href)
