"""The streams about links: a link that was seen, a page that was read whole, who is compared with whom."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator

from data.backlinks.checks.rules import LostReason
from data.fields import Column, Label, Line, Moment, Row, Score, Site, Url, Word, stored
from data.hosts import domain_of
from data.ingest.stream import Stream


def _each_once(members: list[str]) -> list[str]:
    return sorted(set(members))


Code = Annotated[int, Field(ge=100, le=599), Column("smallint")]
RIVALS = 20


def _now() -> datetime:
    return datetime.now(UTC)


def _tokens(value: str) -> str:
    """`rel` is a set of words in any case."""
    return " ".join(value.lower().split())


def _half(url: str) -> str:
    """Half of a link's identity: the page first, so that all links of one page stand together in the index."""
    return hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()[:16]


class BacklinkRow(Row):
    """A link that was seen. Its identity is (url_from, url_to): seen again, its row is brought up to date.

    A `lost_date` with its reason is a loss; without one it is a report that satellites are to look into.
    """

    url_from: Url
    url_to: Url
    source_domain_name: Site | None = None
    target_domain_name: Site | None = None
    anchor: Line | None = None
    rel: Annotated[Line, Field(max_length=200), AfterValidator(_tokens)] | None = None
    domain_authority: Score | None = None
    spam_score: Score | None = None
    discovered_date: Moment = Field(default_factory=_now)
    last_seen: Moment | None = None
    lost_date: Moment | None = None
    lost_reason: LostReason | None = None
    http_code: Code | None = None
    source: Word | None = None
    job_id: Word | None = None
    last_fetched_at: Moment | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.target_domain_name = self.target_domain_name or domain_of(self.url_to)
        self.source_domain_name = self.source_domain_name or domain_of(self.url_from)
        self.last_seen = self.last_seen or self.discovered_date
        return self

    @stored
    def link_hash(self) -> Annotated[str, Column("uuid")]:
        return _half(self.url_from) + _half(self.url_to)


class PageVisitRow(Row):
    """A page was fetched at this time and all of its links have been sent: known links that were not among them are
    suspected. Not stored."""

    keeps_extra: ClassVar[bool] = False

    url: Url
    fetched_at: Moment
    http_code: Code | None = None


class CompetitorSetRow(Row):
    """Whose links are compared with whose. A name sent again replaces what it stood for."""

    keeps_extra: ClassVar[bool] = False

    name: Label
    own_domain: Site
    members: Annotated[list[Site], Field(min_length=1, max_length=RIVALS), AfterValidator(_each_once)]


BACKLINKS = Stream(
    "backlinks",
    "backlinks",
    BacklinkRow,
    insert_script="backlinks_put_v01",
    update_script="backlinks_again_v01",
)
PAGE_VISITS = Stream(
    "backlinks",
    "page_visits",
    PageVisitRow,
    insert_script="page_visits_put_v01",
    seconds=20,  # a page that lost sixty thousand links changes as many rows
)
COMPETITOR_SETS = Stream(
    "backlinks",
    "competitor_sets",
    CompetitorSetRow,
    insert_script="competitor_sets_put_v01",
)

STREAMS = (BACKLINKS, PAGE_VISITS, COMPETITOR_SETS)
