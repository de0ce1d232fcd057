"""What a page links to. The markup streams through a parser that builds no tree: memory stays flat on any page."""

from __future__ import annotations

import functools
from typing import NamedTuple

from lxml import etree

from clients.satellite import addresses

ANCHOR_LENGTH = 500
REL_LENGTH = 200


class Link(NamedTuple):
    url: str
    anchor: str | None
    rel: str | None


class Page(NamedTuple):
    """One link for each address, as it stands first; `nofollow` and `noindex` are what the page's robots meta element
    asks for, `canonical` the address that the page says is its own. `refused` counts links that no browser can follow,
    such as those to an impossible host."""

    links: list[Link]
    nofollow: bool
    noindex: bool = False
    canonical: str | None = None
    refused: int = 0


def read(markup: str, url: str, encoding: str = "utf-8") -> Page:
    """The http(s) links of a page, however broken its markup is; `encoding` is the one it was sent in."""
    collector = _Collector()
    parser = etree.HTMLParser(target=collector, encoding="utf-8", huge_tree=True)
    text = markup.replace("\x00", "").encode("utf-8", "replace")
    if text.strip():
        parser.feed(text)
        parser.close()
    base = addresses.base_of(url, collector.base, encoding)
    resolve = functools.cache(functools.partial(_resolve, base, encoding))
    first: dict[str, Link] = {}
    refused = 0
    for href, anchor, rel in collector.found:
        target = resolve(href.partition("#")[0])
        refused += target == ""
        if target and target not in first:
            first[target] = Link(target, _words(anchor, ANCHOR_LENGTH), _words((rel or "").lower(), REL_LENGTH))
    wishes = collector.wishes
    return Page(
        list(first.values()),
        nofollow=bool({"nofollow", "none"} & wishes),
        noindex=bool({"noindex", "none"} & wishes),
        canonical=resolve(collector.canonical) if collector.canonical else None,
        refused=refused,
    )


def _resolve(base: str, encoding: str, href: str) -> str | None:
    """None for another scheme, empty for what browsers refuse."""
    try:
        return addresses.resolve(base, href, encoding)
    except ValueError:
        return ""


def wishes_of(content: str) -> set[str]:
    """The words of a robots meta element or of an X-Robots-Tag header."""
    return set(content.lower().replace(",", " ").split())


def _words(text: str, length: int) -> str | None:
    return " ".join(text.split())[:length].rstrip() or None


class _Collector:
    """Receives the parser's events. `found` holds (href, text, rel)."""

    def __init__(self) -> None:
        self.base: str | None = None
        self.canonical: str | None = None
        self.wishes: set[str] = set()
        self.found: list[tuple[str, str, str | None]] = []
        self._open: tuple[str, str | None] | None = None
        self._text: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        href = attributes.get("href")
        if tag == "a" and href is not None:
            self._finish()
            self._open = (href, attributes.get("rel"))
        elif tag == "area" and href is not None:
            self.found.append((href, attributes.get("alt", ""), attributes.get("rel")))
        elif tag == "base" and self.base is None:
            self.base = href
        elif tag == "meta" and attributes.get("name", "").lower() == "robots":
            self.wishes |= wishes_of(attributes.get("content", ""))
        elif tag == "link" and self.canonical is None and "canonical" in attributes.get("rel", "").lower().split():
            self.canonical = href

    def data(self, text: str) -> None:
        if self._open:
            self._text.append(text)

    def end(self, tag: str) -> None:
        if tag == "a":
            self._finish()

    def close(self) -> None:
        self._finish()

    def _finish(self) -> None:
        if self._open:
            href, rel = self._open
            self.found.append((href, "".join(self._text), rel))
        self._open, self._text = None, []
