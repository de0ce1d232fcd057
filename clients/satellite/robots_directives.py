"""What a page asks of robots, in its robots meta element or its X-Robots-Tag headers. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PRODUCT = "MissionControlSatellite"
OURS = ("robots", PRODUCT.lower())  # names of meta elements that we obey

_BOT = re.compile(r"\s*([\w*.-]+)\s*:\s*(.*)", re.DOTALL)
_WITH_VALUE = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")


def of_meta(content: str) -> set[str]:
    return set(content.lower().replace(",", " ").split())


def of_headers(values: Iterable[bytes]) -> set[str]:
    """The wishes that are meant for everybody or for us. `badbot: noindex, nofollow` is for badbot alone, up to the end
    of the header or the next name in it."""
    return {wish for value in values for wish in _of_header(value.decode("latin-1").lower())}


def _of_header(value: str) -> Iterable[str]:
    ours = True
    for part in value.split(","):
        named = _BOT.fullmatch(part)
        if named and named[1] not in _WITH_VALUE:
            ours, wish = named[1] in ("*", *OURS), named[2]
        else:
            wish = part
        if ours:
            yield from wish.split()


def forbids_following(wishes: set[str]) -> bool:
    return bool({"nofollow", "none"} & wishes)


def forbids_indexing(wishes: set[str]) -> bool:
    return bool({"noindex", "none"} & wishes)
