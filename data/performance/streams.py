"""The stream of samples: how satellites crawl."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

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


STREAMS = (
    Stream(
        "performance",
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
    ),
)
