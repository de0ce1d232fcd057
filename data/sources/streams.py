"""The streams that may be fed: what a row of each looks like, which columns it fills, and how it is put away."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from data.sources.domain_streams import BRAND_MENTIONS, DOMAINS
from data.sources.fields import (
    Count,
    Host,
    Json,
    Line,
    Moment,
    Number,
    Percent,
    Row,
    Score,
    Share,
    Url,
    Word,
)
from data.sources.names import domain_of, plain
from data.sources.stream import Stream

_LOST_REASONS = Literal[
    "not_found",
    "redirected",
    "noindex",
    "not_canonical",
    "crawl_error",
    "dropped",
    "link_removed",
    "broken_redirect",
]


def _now() -> datetime:
    return datetime.now(UTC)


def _name(given: str | None, url: str) -> str:
    return plain(given) if given else domain_of(url)


class BacklinkRow(Row):
    """A link that was seen. Its identity is (url_from, url_to): seen again, its row is brought up to date."""

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
    lost_reason: _LOST_REASONS | None = None
    http_code: Annotated[int, Field(ge=100, le=599)] | None = None
    source: Word | None = None
    job_id: Word | None = None
    last_fetched_at: Moment | None = None

    def values(self) -> tuple[Any, ...]:
        return (
            hashlib.md5(f"{self.url_from} {self.url_to}".encode(), usedforsecurity=False).hexdigest(),
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


class SatellitePerformanceRow(Row):
    """A sample of how a satellite crawls: pages a minute, share of fetches that succeeded, milliseconds."""

    satellite_id: Word
    created_date: Moment = Field(default_factory=_now)
    pages_per_minute: Number
    success_rate: Share
    response_time_ms: Number
    job_id: Word | None = None
    pages_crawled: Count | None = None
    errors_count: Count | None = None
    cpu_percent: Number | None = None
    memory_mb: Number | None = None
    last_fetched_at: Moment | None = None

    def values(self) -> tuple[Any, ...]:
        return (
            self.satellite_id,
            self.created_date,
            self.job_id,
            self.pages_per_minute,
            self.success_rate,
            self.response_time_ms,
            self.pages_crawled,
            self.errors_count,
            self.cpu_percent,
            self.memory_mb,
            self.last_fetched_at,
            self.packed_extra(),
        )


class MissionRow(Row):
    """A mission that has ended, from another system: history to be seen in the trends."""

    job_id: Word
    job_type: Word
    status: Literal["completed", "failed", "cancelled", "abnormal"]
    target_url: Annotated[Line, Field(min_length=1)]
    created_date: Moment
    start_time: Moment | None = None
    completed_time: Moment | None = None
    priority: Annotated[int, Field(ge=1, le=10)] = 5
    config: Json = Field(default_factory=dict)
    progress_percentage: Percent = 0
    pages_crawled: Count = 0
    links_found: Count = 0
    errors_count: Count = 0
    message: Line | None = None

    def values(self) -> tuple[Any, ...]:
        return (
            self.job_id,
            self.job_type,
            self.status,
            self.target_url,
            self.created_date,
            self.start_time,
            self.completed_time,
            self.priority,
            orjson.dumps(self.config).decode(),
            self.progress_percentage,
            self.pages_crawled,
            self.links_found,
            self.errors_count,
            self.message,
        )


_BACKLINKS = Stream(
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
    "backlinks_put_v01",
    again="backlinks_again_v01",
)
_SATELLITE_PERFORMANCE = Stream(
    "satellite_performance",
    SatellitePerformanceRow,
    (
        ("satellite_id", "text"),
        ("created_date", "timestamptz"),
        ("job_id", "text"),
        ("pages_per_minute", "float8"),
        ("success_rate", "float8"),
        ("response_time_ms", "float8"),
        ("pages_crawled", "bigint"),
        ("errors_count", "bigint"),
        ("cpu_percent", "float8"),
        ("memory_mb", "float8"),
        ("last_fetched_at", "timestamptz"),
        ("extra", "jsonb"),
    ),
    "satellite_performance_put_v01",
)
_MISSIONS = Stream(
    "missions",
    MissionRow,
    (
        ("job_id", "text"),
        ("job_type", "text"),
        ("status", "text"),
        ("target_url", "text"),
        ("created_date", "timestamptz"),
        ("start_time", "timestamptz"),
        ("completed_time", "timestamptz"),
        ("priority", "smallint"),
        ("config", "jsonb"),
        ("progress_percentage", "float8"),
        ("pages_crawled", "bigint"),
        ("links_found", "bigint"),
        ("errors_count", "bigint"),
        ("message", "text"),
    ),
    "missions_put_v01",
)

STREAMS: dict[str, Stream] = {
    stream.name: stream for stream in (_BACKLINKS, DOMAINS, BRAND_MENTIONS, _SATELLITE_PERFORMANCE, _MISSIONS)
}
