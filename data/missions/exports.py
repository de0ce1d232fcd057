"""What can be exported about missions and satellites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from data.db import frame
from data.exports import Dataset, NoFilters
from data.permissions import Permission

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import Kind, Wanted


class MissionFilters(NoFilters):
    status: Literal["queued", "running", "paused", "completed", "failed", "cancelled", "abnormal"] | None = None


_MISSIONS: dict[str, Kind] = {
    "job_id": "text",
    "job_type": "text",
    "status": "text",
    "target_url": "text",
    "priority": "integer",
    "progress_percentage": "number",
    "pages_crawled": "integer",
    "links_found": "integer",
    "errors_count": "integer",
    "created_date": "moment",
    "start_time": "moment",
    "completed_time": "moment",
    "submitted_by": "text",
    "message": "text",
    "last_fetched_at": "moment",
    "simulated": "flag",
}
_DAILY: dict[str, Kind] = {
    "day": "day",
    "job_type": "text",
    "total_jobs": "integer",
    "completed_jobs": "integer",
    "failed_jobs": "integer",
    "cancelled_jobs": "integer",
    "abnormal_jobs": "integer",
    "pages_crawled": "integer",
    "links_found": "integer",
    "avg_duration_seconds": "number",
    "avg_progress": "number",
}
_SATELLITES: dict[str, Kind] = {
    "satellite_id": "text",
    "name": "text",
    "hostname": "text",
    "version": "text",
    "status": "text",
    "max_jobs": "integer",
    "pages_per_minute": "number",
    "cpu_percent": "number",
    "memory_mb": "number",
    "registered_at": "moment",
    "last_heartbeat_at": "moment",
    "simulated": "flag",
}


def _missions(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    return frame(
        connection,
        f"""select {", ".join(_MISSIONS)} from crawl_jobs
            where created_date >= :start and created_date < :end
              and (cast(:status as text) is null or status = :status)
            order by created_date desc, job_id desc limit :limit""",
        start=wanted.start,
        end=wanted.end,
        status=wanted.chosen(MissionFilters).status,
        limit=wanted.limit,
    )


def _daily(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    return frame(
        connection,
        f"""select {", ".join(_DAILY)} from mv_daily_job_stats
            where day between :start and :end order by day desc, job_type limit :limit""",
        start=wanted.start.date(),
        end=wanted.end.date(),
        limit=wanted.limit,
    )


def _satellites(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    columns = ", ".join(_SATELLITES)
    query = f"select {columns} from satellites order by satellite_id limit :limit"
    return frame(connection, query, limit=wanted.limit)


_READ = Permission.MISSIONS_READ
DATASETS = (
    Dataset("missions", "Missions, by their time of creation", _READ, _MISSIONS, _missions, MissionFilters),
    Dataset("missions_daily", "Missions a day and job type", _READ, _DAILY, _daily),
    Dataset("satellites", "The satellite fleet", _READ, _SATELLITES, _satellites, dated=False),
)
