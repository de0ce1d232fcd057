"""The stream of missions that ended elsewhere."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from data.fields import Count, Json, Line, Moment, Percent, Row, Word
from data.ingest.stream import Stream


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


STREAMS = (
    Stream(
        "missions",
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
    ),
)
