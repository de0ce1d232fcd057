"""The streams about domains: what is known of one, and where a brand was spoken of."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from data import urls
from data.fields import FUTURE_TOLERANCE, Column, Count, Domain, Label, Line, Moment, Place, Row, Score, Word, stored
from data.hosts import domain_of
from data.ingest.stream import Stream

Availability = Literal["available", "registered", "expired", "unknown"]
Lifecycle = Literal["unknown", "active", "grace", "redemption", "pending_delete", "dropped"]
Concern = Literal["archive_history", "not_indexed", "anchor_language", "link_spam", "trademark"]
SourceKind = Literal["news", "blog", "forum", "social", "review", "web"]
Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


def _each_once(concerns: list[str]) -> list[str]:
    return sorted(set(concerns))


Tone = Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)]
FIRST_REGISTERED = datetime(1985, 1, 1, tzinfo=UTC)  # the year of the first .com
LAST_DAY = datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)  # what registries say for "never"


def _of_a_registry(value: datetime) -> datetime:
    try:
        moment = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    except OverflowError:
        raise ValueError("must be between 1985 and 9999") from None
    if moment < FIRST_REGISTERED:
        raise ValueError("must be between 1985 and 9999")
    return moment


def _registered(value: datetime) -> datetime:
    moment = _of_a_registry(value)
    if moment > datetime.now(UTC) + FUTURE_TOLERANCE:
        raise ValueError("lies in the future by more than 5 minutes")
    return moment


RegistryDate = Annotated[datetime, AfterValidator(_of_a_registry)]


class DomainRow(Row):
    """What is known of a domain; known values stay where a later row leaves them out. The newest fetch counts."""

    domain_name: Domain
    domain_authority: Score | None = None
    availability_status: Availability | None = None
    estimated_value: Money | None = None
    registered_at: Annotated[datetime, AfterValidator(_registered)] | None = None
    expires_at: RegistryDate | None = None
    last_fetched_at: Moment | None = None
    lifecycle: Lifecycle | None = None
    owner: Annotated[Word, Field(description="Whose portfolio it belongs to: a competitor's main domain")] | None = None
    registrar: Word | None = None
    spam_score: Score | None = None
    asking_price: Money | None = None
    drops_at: RegistryDate | None = None
    concerns: Annotated[list[Concern], Field(max_length=10), AfterValidator(_each_once)] | None = None
    source: Word | None = None


class BrandMentionRow(Row):
    """A page that speaks of a brand. Its identity is (brand, url): told again, it stays as it is."""

    brand: Label
    url: Place
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

    @model_validator(mode="after")
    def _known_source(self) -> Self:
        self.source = self.source or urls.host(self.url)
        return self

    @stored
    def mention_hash(self) -> Annotated[str, Column("uuid")]:
        return mention_hash(self.brand, self.url)

    @stored
    def domain_name(self) -> str:
        return domain_of(self.url)


def mention_hash(brand: str, url: str) -> str:
    return hashlib.md5(f"{brand.lower()} {url}".encode(), usedforsecurity=False).hexdigest()


DOMAINS = Stream(
    "domains",
    "domains",
    DomainRow,
    insert_script="domains_put_v01",
)
BRAND_MENTIONS = Stream(
    "domains",
    "brand_mentions",
    BrandMentionRow,
    insert_script="brand_mentions_put_v01",
)

STREAMS = (DOMAINS, BRAND_MENTIONS)
