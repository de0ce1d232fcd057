"""Registries and feeds on loopback, and the product that asks them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.db import transaction
from data.domains import writes
from data.domains.inputs import Brand
from data.domains.inputs import Feed as NewFeed
from data.permissions import SYSTEM
from tests.sites import Answer

if TYPE_CHECKING:
    from data.services import Services
    from tests.sites import Site

NOW = datetime.now(UTC)
RDAP = {"Content-Type": "application/rdap+json"}
REGISTERED = {
    "objectClassName": "domain",
    "ldhName": "TAKEN.COM",
    "status": ["client transfer prohibited", "active"],
    "events": [
        {"eventAction": "registration", "eventDate": "2001-02-03T04:05:06Z"},
        {"eventAction": "expiration", "eventDate": (NOW + timedelta(days=90)).isoformat()},
    ],
    "entities": [{"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "Names & Sons"]]]}],
}


def one(mc: Services, query: str) -> dict[str, Any]:
    with transaction(mc.engine) as connection:
        return dict(connection.execute(text(query)).mappings().one())


def look_up(mc: Services, *names: str) -> None:
    with transaction(mc.engine) as connection:
        for name in names:
            writes.look_up(connection, SYSTEM, name)


def registry(site: Site, name: str, body: object, **more: Any) -> None:
    site.redirect(f"/boot/domain/{name}", f"{site.url}/registry/domain/{name}")
    site.pages[f"/registry/domain/{name}"] = Answer(orjson.dumps(body), headers=RDAP, **more)


def follow(mc: Services, url: str, brand: str = "Acme", words: tuple[str, ...] = ("acme", "acme.io")) -> None:
    with transaction(mc.engine) as connection:
        writes.watch_brand(connection, SYSTEM, brand, Brand(words=list(words)))
        writes.add_feed(connection, SYSTEM, NewFeed(url=url))


def due_again(mc: Services) -> None:
    with transaction(mc.engine) as connection:
        connection.execute(text("update mention_feeds set due_at = now()"))
