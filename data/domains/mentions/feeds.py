"""Feeds, RSS and Atom: which are due, what is new in them, and where a watched brand is spoken of."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import feedparser
from sqlalchemy import text

from data.domains.mentions import entries
from data.domains.streams import BRAND_MENTIONS, BrandMentionRow, mention_hash
from data.ingest.store import store
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from data.http_fetch import Page

LEASE = timedelta(minutes=5)
AGAIN = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
MOST_ENTRIES = 2_000
UNREADABLE = "an answer that cannot be read"


@dataclass(frozen=True, slots=True)
class Feed:
    feed_id: int
    url: str
    source_kind: str
    etag: str | None
    modified: str | None

    @property
    def conditions(self) -> dict[str, str]:
        """Headers that ask only for what is new."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed held: `broken` in words, where nothing could be read."""

    title: str | None
    entries: tuple[dict[str, Any], ...]
    broken: str | None = None
    beyond: int = 0  # entries that were not read


@dataclass(frozen=True, slots=True)
class FoundMentions:
    """Mentions, and how many entries that name a brand had to be left out, by reason."""

    rows: Sequence[BrandMentionRow] = ()
    dropped: Counter[str] = field(default_factory=Counter)


def claim_due(connection: Connection, now: datetime, *, most: int) -> list[Feed]:
    """Feeds whose time has come, held by us for a while. The try counts from here on: a reader that dies of a feed
    comes back to it less and less often."""
    rows = connection.execute(
        text("""update mention_feeds set failures = least(failures + 1, 20),
                  due_at = cast(:now as timestamptz) + least(:longest, :lease * 2 ^ least(failures, 20))
                where feed_id in (
                  select feed_id from mention_feeds where due_at <= :now order by due_at limit :most
                  for update skip locked)
                returning feed_id, url, source_kind, etag, modified"""),
        {"now": now, "lease": LEASE, "longest": LONGEST_PAUSE, "most": most},
    )
    return [Feed(**row) for row in rows.mappings()]


def parse(page: Page) -> ParsedFeed:
    """The entries of a feed. A feed that breaks off keeps those before the break."""
    kind = page.headers.get("content-type", "application/xml")
    # A stream, never the bytes themselves: those the parser would take for the name of a file.
    found = feedparser.parse(io.BytesIO(page.body), response_headers={"content-type": kind})
    listed = found.get("entries") or []  # of an empty page nothing at all is said
    if not listed and not found.get("version"):
        return ParsedFeed(None, (), "no RSS or Atom feed")
    beyond = max(0, len(listed) - MOST_ENTRIES)
    return ParsedFeed(found.feed.get("title"), tuple(listed[:MOST_ENTRIES]), beyond=beyond)


def list_watched(connection: Connection) -> dict[str, list[str]]:
    return {row.brand: row.words for row in connection.execute(text("select brand, words from watched_brands"))}


def save(connection: Connection, feed: Feed, page: Page, found: ParsedFeed | None, mentions: FoundMentions) -> None:
    """Store the mentions of one reading, what it left out, and when the feed is read again; `found` is None where
    nothing is new."""
    fresh = _store(connection, mentions.rows)
    connection.execute(
        text("""update mention_feeds set outcome = :outcome, detail = null, failures = 0, last_fetched_at = now(),
                  due_at = now() + :again, entries = entries + :entries, mentions = mentions + :mentions,
                  etag = coalesce(:etag, etag), modified = coalesce(:modified, modified),
                  dropped = case when :read then :dropped else dropped end,
                  dropped_why = case when :read then :why else dropped_why end
                where feed_id = :id"""),
        {
            "id": feed.feed_id,
            "outcome": "new" if found and fresh else "unchanged",
            "again": AGAIN,
            "entries": len(found.entries) if found else 0,
            "mentions": fresh,
            "read": found is not None,
            "dropped": sum(mentions.dropped.values()),
            "why": ", ".join(f"{count} {why}" for why, count in mentions.dropped.most_common()) or None,
            "etag": page.headers.get("etag"),
            "modified": page.headers.get("last-modified"),
        },
    )


def find_mentions(
    feed: Feed, base: str, found: ParsedFeed, brands: Mapping[str, Sequence[str]], now: datetime
) -> FoundMentions:
    """The mentions in one reading, and what had to be left out."""
    feed_facts = {"base": base, "title": found.title, "source_kind": feed.source_kind}
    rows, dropped = entries.mentions(found.entries, brands, feed_facts, now)
    left = Counter(dropped)
    if found.beyond:
        left[f"beyond the first {MOST_ENTRIES:,} entries"] = found.beyond
    return FoundMentions(rows, left)


def _store(connection: Connection, rows: Sequence[BrandMentionRow]) -> int:
    """How many of them are new."""
    hashes = {mention_hash(row.brand, row.url) for row in rows}
    known = text("select count(*) from brand_mention_identities where mention_hash = any(cast(:hashes as uuid[]))")
    before: int = connection.execute(known, {"hashes": list(hashes)}).scalar_one()
    store(connection, SYSTEM, BRAND_MENTIONS, list(rows))
    return len(hashes) - before


def save_failure(connection: Connection, feed: Feed, words: str) -> None:
    """A feed that fails is read less and less often."""
    connection.execute(
        text("""update mention_feeds set outcome = 'failed', detail = :words,
                  due_at = now() + least(:longest, :again * 2 ^ greatest(failures - 1, 0)) where feed_id = :id"""),
        {"id": feed.feed_id, "words": words, "longest": LONGEST_PAUSE, "again": AGAIN},
    )


def refusal(page: Page) -> str | None:
    """Why this answer holds no feed; None where it may."""
    return None if page.status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED) else f"answered {page.status}"
