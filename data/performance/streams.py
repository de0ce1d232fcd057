"""The stream of samples: how satellites crawl."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import Field

from data.fields import Count, Moment, Number, Row, Share, Word
from data.ingest.stream import Stream


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


STREAMS = (
    Stream(
        "performance",
        "satellite_performance",
        SatellitePerformanceRow,
        into="satellite_performance_logs",
    ),
)
