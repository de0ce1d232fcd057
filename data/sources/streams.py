"""The streams that may be fed: what a row of each looks like, which columns it fills, and how it is put away."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from data.sources.domain_streams import BRAND_MENTIONS, DOMAINS
from data.sources.fields import (
    Count,
    Json,
    Line,
    Moment,
    Number,
    Percent,
    Row,
    Share,
    Word,
)
from data.sources.link_streams import BACKLINKS, COMPETITOR_SETS, PAGE_VISITS
from data.sources.quota_streams import API_USAGE
from data.sources.stream import Stream


def _now() -> datetime:
    return datetime.now(UTC)


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

_ALL = (
    *(BACKLINKS, PAGE_VISITS, COMPETITOR_SETS, DOMAINS, BRAND_MENTIONS),
    *(_SATELLITE_PERFORMANCE, _MISSIONS, API_USAGE),
)
STREAMS: dict[str, Stream] = {stream.name: stream for stream in _ALL}
