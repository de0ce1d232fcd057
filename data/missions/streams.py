"""The stream of missions that ended elsewhere."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from data.fields import Column, Count, Json, Line, Moment, Percent, Row, Word
from data.ingest.stream import Stream


class MissionRow(Row):
    """A mission that has ended, from another system: history to be seen in the trends."""

    keeps_extra: ClassVar[bool] = False

    job_id: Word
    job_type: Word
    status: Literal["completed", "failed", "cancelled", "abnormal"]
    target_url: Annotated[Line, Field(min_length=1)]
    created_date: Moment
    start_time: Moment | None = None
    completed_time: Moment | None = None
    priority: Annotated[int, Field(ge=1, le=10), Column("smallint")] = 5
    config: Json = Field(default_factory=dict)
    progress_percentage: Percent = 0
    pages_crawled: Count = 0
    links_found: Count = 0
    errors_count: Count = 0
    message: Line | None = None


STREAMS = (
    Stream(
        "missions",
        "missions",
        MissionRow,
        insert_script="missions_put_v01",
    ),
)
