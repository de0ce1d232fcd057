"""An address is what a browser makes of it: the WHATWG URL standard, by ada.

One reading for the crawler, for what is sent in, for checks and for filters, so that a page has one spelling. What the
standard keeps apart stays apart: a slash at the end, the order of a query, `%7E` and `~`, a dot behind the host.
"""

from __future__ import annotations

import codecs
import re
from urllib.parse import quote

import ada_url

PORTS = {"http": "80", "https": "443"}
_PADDING = "".join(map(chr, range(0x21)))  # C0 controls and the blank
_PORT = re.compile(r":\d+$")
_BREAKS = re.compile(r"[\t\n\r]")
_REFERENCE = re.compile(rb"&#([0-9]+);")
_IN_QUERY = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "\"#'<>")
# What browsers mean by these names is wider than what Python does, or unknown to it.
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gbk",
    "windows-874": "cp874",
}


class OtherScheme(ValueError):
    """An address, of another scheme than http and https."""


def parse(text: str, base: str | None = None, *, encoding: str = "utf-8", fragment: bool = False) -> str:
    """The http(s) address that a link means, without login and, unless asked for, without fragment.

    `base` is what it is relative to, `encoding` that of the page on which it stands. Raises OtherScheme, or ValueError
    where browsers refuse it too.
    """
    href = join(text, base, encoding=encoding)
    scheme, _, rest = href.partition("://")
    if scheme not in PORTS:
        raise OtherScheme("must be an http or https address")
    authority, _, tail = rest.partition("/")
    if not fragment:
        tail = tail.partition("#")[0]
    return f"{scheme}://{authority.rpartition('@')[2]}/{tail}"


def join(text: str, base: str | None = None, *, encoding: str = "utf-8") -> str:
    """The address of any scheme that a link means, whole. Raises ValueError."""
    if not text.isascii():
        text = _with_query_in(encoding, text)
    try:
        return ada_url.join_url(base, text) if base is not None else ada_url.normalize_url(text)
    except ValueError:
        raise ValueError("must be an http or https address" if base is None else "is no address") from None


def host(url: str) -> str:
    """host[:port] of an address that `parse` made; the port only where it is not the scheme's own."""
    return url.split("/", 3)[2]


def host_and_port(url: str) -> str:
    """The same, with the port wherever it leads."""
    name = host(url)
    return name if _PORT.search(name) else f"{name}:{PORTS[url.partition(':')[0]]}"


def _with_query_in(encoding: str, text: str) -> str:
    """The same link with its query escaped in the page's encoding; a character that this has not becomes `&#…;`."""
    text, mark, fragment = text.partition("#")
    front, question, query = text.partition("?")
    codec = _codec(encoding)
    if codec is None or query.isascii():
        return f"{text}{mark}{fragment}"
    query = _BREAKS.sub("", query if mark else query.rstrip(_PADDING))
    encoded = _REFERENCE.sub(rb"%26%23\1%3B", query.encode(codec, "xmlcharrefreplace"))
    return f"{front}{question}{quote(encoded, safe=_IN_QUERY)}{mark}{fragment}"


def _codec(encoding: str) -> str | None:
    """None where queries go out in UTF-8: on its own pages, on UTF-16's and on those of an encoding nobody knows."""
    try:
        name = codecs.lookup(_WIDER.get(encoding.lower(), encoding)).name
    except LookupError:
        return None
    return None if name.startswith("utf") else _WIDER.get(name, name)
