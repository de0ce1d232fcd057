"""The streams about links: a link that was seen, a page that was read whole, who is compared with whom."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field

from data.backlinks.check_rules import LostReason
from data.fields import Host, Line, Moment, Row, Score, Url, Word
from data.hosts import domain_of, plain
from data.ingest.stream import Stream

Code = Annotated[int, Field(ge=100, le=599)]
RIVALS = 20


def _now() -> datetime:
    return datetime.now(UTC)


def _name(given: str | None, url: str) -> str:
    return plain(given) if given else domain_of(url)


def _half(url: str) -> str:
    """Half of a link's identity: the page first, so that all links of one page stand together in the index."""
    return hashlib.md5(url.encode(), usedforsecurity=False).hexdigest()[:16]


class BacklinkRow(Row):
    """A link that was seen. Its identity is (url_from, url_to): seen again, its row is brought up to date.

    A `lost_date` with its reason is a loss; without one it is a report that satellites are to look into.
    """

    url_from: Url
    url_to: Url
    source_domain_name: Host | None = None
    target_domain_name: Host | None = None
    anchor: Line | None = None
    rel: Annotated[Line, Field(max_length=200)] | None = None
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

    def values(self) -> tuple[Any, ...]:
        return (
            _half(self.url_from) + _half(self.url_to),
            _name(self.target_domain_name, self.url_to),
            self.discovered_date,
            _name(self.source_domain_name, self.url_from),
            self.url_from,
            self.url_to,
            self.anchor,
            self.rel,
            self.domain_authority,
            self.spam_score,
            self.last_seen or self.discovered_date,
            self.lost_date,
            self.lost_reason,
            self.http_code,
            self.source,
            self.job_id,
            self.last_fetched_at,
            self.packed_extra(),
        )


class PageVisitRow(Row):
    """A page was fetched at this time and all of its links have been sent: known links that were not among them are
    suspected. Not stored."""

    url: Url
    fetched_at: Moment
    http_code: Code | None = None

    def values(self) -> tuple[Any, ...]:
        return self.url, self.fetched_at, self.http_code


class CompetitorSetRow(Row):
    """Whose links are compared with whose. A name sent again replaces what it stood for."""

    name: Word
    own_domain: Host
    members: Annotated[list[Host], Field(min_length=1, max_length=RIVALS)]

    def values(self) -> tuple[Any, ...]:
        return self.name, plain(self.own_domain), " ".join(sorted({domain_of(each) for each in self.members}))


BACKLINKS = Stream(
    "backlinks",
    "backlinks",
    BacklinkRow,
    (
        ("link_hash", "uuid"),
        ("target_domain_name", "text"),
        ("discovered_date", "timestamptz"),
        ("source_domain_name", "text"),
        ("url_from", "text"),
        ("url_to", "text"),
        ("anchor", "text"),
        ("rel", "text"),
        ("domain_authority", "smallint"),
        ("spam_score", "smallint"),
        ("last_seen", "timestamptz"),
        ("lost_date", "timestamptz"),
        ("lost_reason", "text"),
        ("http_code", "smallint"),
        ("source", "text"),
        ("job_id", "text"),
        ("last_fetched_at", "timestamptz"),
        ("extra", "jsonb"),
    ),
    "backlinks_put_v02",
    again="backlinks_again_v02",
)
PAGE_VISITS = Stream(
    "backlinks",
    "page_visits",
    PageVisitRow,
    (("url", "text"), ("fetched_at", "timestamptz"), ("http_code", "smallint")),
    "page_visits_put_v01",
)
COMPETITOR_SETS = Stream(
    "backlinks",
    "competitor_sets",
    CompetitorSetRow,
    (("name", "text"), ("own_domain", "text"), ("members", "text")),
    "competitor_sets_put_v01",
)

STREAMS = (BACKLINKS, PAGE_VISITS, COMPETITOR_SETS)
