"""The watch list, weights, brands and feeds; every change with its audit row in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.access.writes import audit
from data.domains.valuation import values
from data.errors import Conflict, NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.domains.inputs import Brand, Feed, Weights
    from data.permissions import Actor

MOST_WATCHED, MOST_BRANDS, MOST_FEEDS = 2_000, 200, 200
REVALUED_AT_ONCE = 2_000  # the rest follows in the background


def watch(connection: Connection, actor: Actor, name: str, note: str) -> None:
    """Put a domain on the watch list, or change its note; its registry is asked soon. Raises Conflict when full."""
    _room(connection, "watched_domains", MOST_WATCHED, "domains are watched; take one off the list first")
    connection.execute(
        text("""insert into watched_domains (domain_name, note, added_by, simulated)
                values (:name, :note, :by, :simulated)
                on conflict (domain_name) do update set note = excluded.note,
                  simulated = watched_domains.simulated and excluded.simulated"""),
        {"name": name, "note": note, "by": actor.name, "simulated": actor.simulated},
    )
    look_up(connection, actor, name)
    audit(connection, actor, "domains.watch", ("domain", name), detail={"note": note} if note else {})


def unwatch(connection: Connection, actor: Actor, name: str) -> None:
    """Raises NotFound when it is not watched."""
    gone = connection.execute(text("delete from watched_domains where domain_name = :name"), {"name": name}).rowcount
    if not gone:
        raise NotFound(f"{name} is not on the watch list")
    audit(connection, actor, "domains.unwatch", ("domain", name))


def toggle_watch(connection: Connection, actor: Actor, name: str) -> str:
    """Watch it, or no longer; returns which."""
    watched = text("select exists (select from watched_domains where domain_name = :name)")
    if connection.scalar(watched, {"name": name}):
        unwatch(connection, actor, name)
        return "watched no longer"
    watch(connection, actor, name, "")
    return "watched"


def look_up(connection: Connection, actor: Actor, name: str) -> None:
    """Have the registry asked for a domain, at the next turn of the worker."""
    connection.execute(
        text("""insert into domain_lookups (domain_name, asked_by) values (:name, :by)
                on conflict (domain_name) do update set due_at = least(domain_lookups.due_at, now()), tries = 0,
                  asked_by = excluded.asked_by"""),
        {"name": name, "by": actor.name},
    )


def weigh(connection: Connection, actor: Actor, weights: Weights, now: datetime) -> values.WeightSet:
    """Other weights for the calculator. Domains for sale are valued anew at once, the most valuable first."""
    before = values.get_weights(connection).weights
    chosen = weights.by_name()
    connection.execute(
        text(
            "insert into domain_value_weights (weights, changed_by, changed_at) values (cast(:w as jsonb), :by, :now)"
        ),
        {"w": orjson.dumps(chosen).decode(), "by": actor.name, "now": now},
    )
    changed: dict[str, Any] = {
        name: {"from": before[name], "to": weight} for name, weight in chosen.items() if before[name] != weight
    }
    audit(connection, actor, "domains.weigh", ("weights", "domain value"), detail=changed)
    values.revalue(connection, now, most=REVALUED_AT_ONCE)
    return values.get_weights(connection)


def watch_brand(connection: Connection, actor: Actor, name: str, brand: Brand) -> None:
    """Raises Conflict when there are too many."""
    _room(connection, "watched_brands", MOST_BRANDS, "brands are watched; take one off first")
    connection.execute(
        text("""insert into watched_brands (brand, words, domain_name, added_by) values (:brand, :words, :domain, :by)
                on conflict (brand) do update set words = excluded.words, domain_name = excluded.domain_name"""),
        {"brand": name, "words": brand.words or [name], "domain": brand.domain_name, "by": actor.name},
    )
    audit(connection, actor, "domains.watch_brand", ("brand", name), detail={"words": brand.words or [name]})


def unwatch_brand(connection: Connection, actor: Actor, name: str) -> None:
    gone = connection.execute(text("delete from watched_brands where brand = :name"), {"name": name}).rowcount
    if not gone:
        raise NotFound(f"The brand {name} is not watched")
    audit(connection, actor, "domains.unwatch_brand", ("brand", name))


def add_feed(connection: Connection, actor: Actor, feed: Feed) -> int:
    """Returns the feed's id. Raises Conflict for one that is there, and when there are too many."""
    _room(connection, "mention_feeds", MOST_FEEDS, "feeds are read; take one away first")
    feed_id: int | None = connection.execute(
        text("""insert into mention_feeds (url, source_kind, added_by) values (:url, :kind, :by)
                on conflict (url) do nothing returning feed_id"""),
        {"url": feed.url, "kind": feed.source_kind, "by": actor.name},
    ).scalar()
    if feed_id is None:
        raise Conflict(f"The feed {feed.url} is read already")
    audit(connection, actor, "domains.add_feed", ("feed", str(feed_id)), detail={"url": feed.url})
    return feed_id


def remove_feed(connection: Connection, actor: Actor, feed_id: int) -> None:
    """Raises NotFound. What was read stays."""
    url = connection.execute(
        text("delete from mention_feeds where feed_id = :id returning url"), {"id": feed_id}
    ).scalar()
    if url is None:
        raise NotFound(f"There is no feed {feed_id}")
    audit(connection, actor, "domains.remove_feed", ("feed", str(feed_id)), detail={"url": url})


def _room(connection: Connection, table: str, most: int, words: str) -> None:
    if (connection.scalar(text(f"select count(*) from {table}")) or 0) >= most:
        raise Conflict(f"{most} {words}")
