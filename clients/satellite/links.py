"""What a page links to."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, NamedTuple

from clients.satellite import addresses, robots_directives
from clients.satellite.markup import collect

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clients.satellite.markup import Collector, Reference

ANCHOR_LENGTH = 500
REL_LENGTH = 200

_REFRESH = re.compile(r"\s*\d[\d.]*\s*[;,]\s*(?:url\s*=)?\s*['\"]?([^'\"]+)", re.IGNORECASE)


class Link(NamedTuple):
    url: str
    anchor: str | None
    rel: str | None


class Page(NamedTuple):
    """One link for each address, as it stands first, with the first text that it has; `nofollow` and `noindex` are
    what the page asks robots for, `canonical` the address that it says is its own, `blank` why it has no link.
    `refused` counts the addresses that no browser can follow, such as those of an impossible host."""

    links: list[Link]
    nofollow: bool
    noindex: bool = False
    canonical: str | None = None
    blank: str | None = None
    refused: int = 0


def read(markup: str, url: str, robots_tags: Iterable[bytes] = (), *, encoding: str = "utf-8") -> Page:
    """The http(s) links of a page, however broken its markup is; `robots_tags` are its X-Robots-Tag headers, `encoding`
    is the one it was sent in."""
    found = collect(markup)
    base = addresses.base_of(url, found.base, encoding)
    resolve = functools.cache(functools.partial(_resolve, base, encoding))
    asked = found.wishes | robots_directives.of_headers(robots_tags)
    nofollow = robots_directives.forbids_following(asked)
    first: dict[str, Link] = {}
    refused: set[str] = set()
    for reference in found.references:
        href = reference.href.partition("#")[0]
        target = resolve(href)
        if target == "":
            refused.add(href)
        elif target:
            link = _link(target, reference, nofollow=nofollow)
            known = first.setdefault(target, link)
            if known.anchor is None:
                first[target] = known._replace(anchor=link.anchor)
    return Page(
        list(first.values()),
        nofollow=nofollow,
        noindex=robots_directives.forbids_indexing(asked),
        canonical=resolve(found.canonical) if found.canonical else None,
        blank=None if first else _blank(found),
        refused=len(refused),
    )


def _resolve(base: str, encoding: str, href: str) -> str | None:
    """None for another scheme, empty for what browsers refuse."""
    try:
        return addresses.resolve(base, href, encoding)
    except ValueError:
        return ""


def _link(target: str, reference: Reference, *, nofollow: bool) -> Link:
    """A page that asks not to be followed says so of each of its links."""
    rel = (reference.rel or "").lower().split()
    if nofollow and "nofollow" not in rel:
        rel.insert(0, "nofollow")
    return Link(target, _words(reference.text, ANCHOR_LENGTH), _words(" ".join(rel), REL_LENGTH))


def _blank(found: Collector) -> str:
    if found.has_frames:
        return "it is a frameset, whose frames are not read"
    onward = _REFRESH.match(found.refresh or "")
    if onward:
        return f"it sends visitors on to {onward[1].strip()[:200]} by a refresh, which is not followed"
    if not found.has_text:
        return "its content is made by scripts, which are not run" if found.has_scripts else "it is empty"
    return "its text is there, links would be made by scripts" if found.has_scripts else "it is text alone"


def _words(text: str, length: int) -> str | None:
    return " ".join(text.split())[:length].rstrip() or None
