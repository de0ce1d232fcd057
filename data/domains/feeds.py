"""Feeds, RSS and Atom: which are due, what is new in them, and where a watched brand is spoken of."""

from __future__ import annotations

import calendar
import html
import io
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import feedparser
from pydantic import ValidationError
from sqlalchemy import text
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from data.domains.streams import BRAND_MENTIONS, BrandMentionRow, mention_hash
from data.hosts import host_of
from data.ingest.store import store
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from data.outside import Page

LEASE = timedelta(minutes=5)
AGAIN = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(days=1)
MOST_ENTRIES = 500
LONGEST_TEXT = 20_000
EXCERPT = 300
_TAGS = re.compile(r"<[^>]*>")


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
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Read:
    """What a feed held: `broken` in words, where nothing could be read."""

    title: str | None
    entries: tuple[dict[str, Any], ...]
    broken: str | None = None


def due(connection: Connection, now: datetime, *, most: int) -> list[Feed]:
    """Feeds whose time has come, held by us for a while."""
    rows = connection.execute(
        text("""update mention_feeds set due_at = :held where feed_id in (
                  select feed_id from mention_feeds where due_at <= :now order by due_at limit :most
                  for update skip locked)
                returning feed_id, url, source_kind, etag, modified"""),
        {"now": now, "held": now + LEASE, "most": most},
    )
    return [Feed(**row) for row in rows.mappings()]


def read(page: Page) -> Read:
    """The entries of a feed. A feed that breaks off keeps those before the break."""
    kind = page.headers.get("content-type", "application/xml")
    # A stream, never the bytes themselves: those the parser would take for the name of a file.
    found = feedparser.parse(io.BytesIO(page.body), response_headers={"content-type": kind})
    entries = found.get("entries") or []  # of an empty page nothing at all is said
    if not entries and not found.get("version"):
        return Read(None, (), "no RSS or Atom feed")
    return Read(found.feed.get("title"), tuple(entries[:MOST_ENTRIES]))


def mentions(
    feed: Feed, base: str, found: Read, brands: Mapping[str, Sequence[str]], now: datetime
) -> list[BrandMentionRow]:
    """A mention for each entry and each brand that it names."""
    looked_for = {brand: _pattern(tuple(words)) for brand, words in brands.items()}
    rows: list[BrandMentionRow] = []
    for entry in found.entries:
        title, body = plain(entry.get("title")), plain(entry.get("summary"))
        for brand, pattern in looked_for.items():
            if pattern.search(f"{title} \n {body}"):
                rows.extend(_row(feed, base, found, entry, brand, now))
    return rows


def _row(
    feed: Feed, base: str, found: Read, entry: dict[str, Any], brand: str, now: datetime
) -> Iterator[BrandMentionRow]:
    title, body = plain(entry.get("title")), plain(entry.get("summary"))
    given = {
        "brand": brand,
        "url": urljoin(base, str(entry.get("link") or "")),
        "title": (title or body)[:EXCERPT],
        "excerpt": body[:EXCERPT] or None,
        "published_at": min(_published(entry) or now, now),
        "author": plain(entry.get("author"))[:200] or None,
        "source": plain(found.title)[:200] or host_of(base),
        "source_kind": feed.source_kind,
        "sentiment": tone(f"{title}. {body}"),
        "last_fetched_at": now,
    }
    try:
        yield BrandMentionRow.model_validate(given)
    except ValidationError:
        return  # an entry without an address or a title is no mention


def brands(connection: Connection) -> dict[str, list[str]]:
    return {row.brand: row.words for row in connection.execute(text("select brand, words from watched_brands"))}


def keep(connection: Connection, feed: Feed, page: Page, found: Read | None, rows: Sequence[BrandMentionRow]) -> None:
    """Store the mentions of one reading and when the feed is read again; `found` is None where nothing is new."""
    fresh = _store(connection, rows)
    connection.execute(
        text("""update mention_feeds set outcome = :outcome, detail = null, failures = 0, last_fetched_at = now(),
                  due_at = now() + :again, entries = entries + :entries, mentions = mentions + :mentions,
                  etag = coalesce(:etag, etag), modified = coalesce(:modified, modified)
                where feed_id = :id"""),
        {
            "id": feed.feed_id,
            "outcome": "new" if found and fresh else "unchanged",
            "again": AGAIN,
            "entries": len(found.entries) if found else 0,
            "mentions": fresh,
            "etag": page.headers.get("etag"),
            "modified": page.headers.get("last-modified"),
        },
    )


def _store(connection: Connection, rows: Sequence[BrandMentionRow]) -> int:
    """How many of them are new."""
    hashes = {mention_hash(row.brand, row.url) for row in rows}
    known = text("select count(*) from brand_mention_identities where mention_hash = any(cast(:hashes as uuid[]))")
    before: int = connection.execute(known, {"hashes": list(hashes)}).scalar_one()
    store(connection, SYSTEM, BRAND_MENTIONS, list(rows))
    return len(hashes) - before


def failed(connection: Connection, feed: Feed, words: str) -> None:
    """A feed that fails is read less and less often."""
    connection.execute(
        text("""update mention_feeds set outcome = 'failed', detail = :words, failures = least(failures + 1, 20),
                  due_at = now() + least(:longest, :again * 2 ^ failures) where feed_id = :id"""),
        {"id": feed.feed_id, "words": words, "longest": LONGEST_PAUSE, "again": AGAIN},
    )


def wrong(page: Page) -> str | None:
    """Why this answer holds no feed; None where it may."""
    return None if page.status in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED) else f"answered {page.status}"


def plain(value: object) -> str:
    """Text without its markup, on one line."""
    words = html.unescape(_TAGS.sub(" ", str(value or "")[:LONGEST_TEXT]))
    return " ".join("".join(each if each.isprintable() else " " for each in words).split())


def tone(words: str) -> float:
    """-1 to 1, by a dictionary of English words: good enough to sort, not to quote."""
    return float(_judge().polarity_scores(words[:2000])["compound"])


@cache
def _judge() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.IGNORECASE)


def _published(entry: dict[str, Any]) -> datetime | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    try:
        return datetime.fromtimestamp(calendar.timegm(moment), UTC) if moment else None
    except (ValueError, OverflowError, TypeError):
        return None
