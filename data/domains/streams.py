"""The streams about domains: what is known of one, and where a brand was spoken of."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from data.fields import AnyMoment, Count, Host, Line, Moment, Row, Score, Url, Word
from data.hosts import domain_of, host_of, plain
from data.ingest.stream import Stream

Availability = Literal["available", "registered", "expired", "unknown"]
Lifecycle = Literal["unknown", "active", "grace", "redemption", "pending_delete", "dropped"]
Concern = Literal["archive_history", "not_indexed", "anchor_language", "link_spam", "trademark"]
SourceKind = Literal["news", "blog", "forum", "social", "review", "web"]
Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]
Tone = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]


class DomainRow(Row):
    """What is known of a domain; known values stay where a later row leaves them out. The newest fetch counts."""

    domain_name: Host
    domain_authority: Score | None = None
    availability_status: Availability | None = None
    estimated_value: Money | None = None
    registered_at: Moment | None = None
    expires_at: AnyMoment | None = None
    last_fetched_at: Moment | None = None
    lifecycle: Lifecycle | None = None
    owner: Annotated[Word, Field(description="Whose portfolio it belongs to: a competitor's main domain")] | None = None
    registrar: Word | None = None
    spam_score: Score | None = None
    asking_price: Money | None = None
    drops_at: AnyMoment | None = None
    concerns: Annotated[list[Concern], Field(max_length=10)] | None = None
    source: Word | None = None

    def values(self) -> tuple[Any, ...]:
        return (
            plain(self.domain_name),
            self.domain_authority,
            self.availability_status,
            self.estimated_value,
            self.registered_at,
            self.expires_at,
            self.last_fetched_at,
            self.lifecycle,
            self.owner,
            self.registrar,
            self.spam_score,
            self.asking_price,
            self.drops_at,
            sorted(set(self.concerns)) if self.concerns is not None else None,
            self.source,
            self.packed_extra(),
        )


class BrandMentionRow(Row):
    """A page that speaks of a brand. Its identity is (brand, url): told again, it stays as it is."""

    brand: Word
    url: Url
    title: Annotated[Line, Field(min_length=1)]
    published_at: Moment = Field(default_factory=lambda: datetime.now(UTC))
    excerpt: Line | None = None
    author: Word | None = None
    source: Word | None = None
    source_kind: SourceKind = "web"
    sentiment: Tone | None = None
    reach: Count | None = None
    language: Annotated[Word, Field(max_length=35)] | None = None
    last_fetched_at: Moment | None = None

    def values(self) -> tuple[Any, ...]:
        return (
            mention_hash(self.brand, self.url),
            self.brand,
            self.published_at,
            self.url,
            domain_of(self.url),
            self.title,
            self.excerpt,
            self.author,
            self.source or host_of(self.url),
            self.source_kind,
            self.sentiment,
            self.reach,
            self.language,
            self.last_fetched_at,
            self.packed_extra(),
        )


def mention_hash(brand: str, url: str) -> str:
    return hashlib.md5(f"{brand.lower()} {url}".encode(), usedforsecurity=False).hexdigest()


DOMAINS = Stream(
    "domains",
    "domains",
    DomainRow,
    (
        ("domain_name", "text"),
        ("domain_authority", "smallint"),
        ("availability_status", "text"),
        ("estimated_value", "numeric"),
        ("registered_at", "timestamptz"),
        ("expires_at", "timestamptz"),
        ("last_fetched_at", "timestamptz"),
        ("lifecycle", "text"),
        ("owner", "text"),
        ("registrar", "text"),
        ("spam_score", "smallint"),
        ("asking_price", "numeric"),
        ("drops_at", "timestamptz"),
        ("concerns", "text[]"),
        ("source", "text"),
        ("extra", "jsonb"),
    ),
    "domains_put_v02",
)
BRAND_MENTIONS = Stream(
    "domains",
    "brand_mentions",
    BrandMentionRow,
    (
        ("mention_hash", "uuid"),
        ("brand", "text"),
        ("published_at", "timestamptz"),
        ("url", "text"),
        ("domain_name", "text"),
        ("title", "text"),
        ("excerpt", "text"),
        ("author", "text"),
        ("source", "text"),
        ("source_kind", "text"),
        ("sentiment", "float8"),
        ("reach", "bigint"),
        ("language", "text"),
        ("last_fetched_at", "timestamptz"),
        ("extra", "jsonb"),
    ),
    "brand_mentions_put_v01",
)

STREAMS = (DOMAINS, BRAND_MENTIONS)
