"""Finding an entity by what a person remembers of it. Each finder is bounded: an index by the first letters, or a look
at the newest few thousand; the finder's own permission decides whether it is asked at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import quote

from sqlalchemy import text

from data.areas import FINDERS
from data.hosts import is_ip, parse_host, parse_site

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.permissions import Actor

EACH = 6
LAST_LETTER = "\U0010ffff"


class Found(TypedDict):
    kind: str
    title: str
    detail: str
    href: str


def find(connection: Connection, actor: Actor, words: str) -> list[Found]:
    """At most `EACH` of every kind that this actor may read."""
    start = words.strip().lower()
    escaped = start.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    name = _domain(start)
    asked = {"start": start, "like": f"%{escaped}%", "each": EACH, "name": name, "name_stop": name + LAST_LETTER}
    found: list[Found] = []
    for finder in FINDERS:
        if actor.may(finder.needs):
            known = {name: value for name, value in asked.items() if re.search(rf":{name}\b", finder.sql)}
            rows = connection.execute(text(finder.sql), known)
            found += [
                Found(
                    kind=finder.kind,
                    title=row.title,
                    detail=row.detail,
                    href=finder.href.format(quote(row.key, safe="")),
                )
                for row in rows
            ]
    return found


def _domain(typed: str) -> str:
    """How the domain that is meant begins: of an address its domain, of a name what was typed of it so far."""
    try:
        name = parse_site(typed) if "/" in typed else parse_host(typed).removeprefix("www.")
    except ValueError:
        return typed
    return typed if is_ip(name) else name
