"""What can be exported about missions and satellites."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from data.db import frame
from data.exports import MARK, SIMULATED, Column, Dataset, NoFilters
from data.permissions import Permission
from data.timerange import midnight

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import ExportRequest


class MissionFilters(NoFilters):
    status: Literal["queued", "running", "paused", "completed", "failed", "cancelled", "abnormal"] | None = None


_MISSIONS: dict[str, Column] = {
    "job_id": Column("Mission"),
    "job_type": Column("Type"),
    "status": Column("Status"),
    "target_url": Column("Target"),
    "priority": Column("Priority", "integer"),
    "progress_percentage": Column("Progress", "percent"),
    "pages_crawled": Column("Pages", "integer"),
    "links_found": Column("Links", "integer"),
    "errors_count": Column("Errors", "integer"),
    "created_date": Column("Created", "moment"),
    "start_time": Column("Started", "moment"),
    "completed_time": Column("Completed", "moment"),
    "submitted_by": Column("Submitted by"),
    "message": Column("Message"),
    "last_fetched_at": Column("Last fetched", "moment"),
    "simulated": MARK,
}
_DAILY: dict[str, Column] = {
    "day": Column("Day", "day"),
    "job_type": Column("Type"),
    "total_jobs": Column("Missions", "integer"),
    "completed_jobs": Column("Completed", "integer"),
    "failed_jobs": Column("Failed", "integer"),
    "cancelled_jobs": Column("Cancelled", "integer"),
    "abnormal_jobs": Column("Abnormal", "integer"),
    "pages_crawled": Column("Pages", "integer"),
    "links_found": Column("Links", "integer"),
    "avg_duration_seconds": Column("Mean duration, s", "number"),
    "avg_progress": Column("Mean progress", "percent"),
    "simulated": MARK,
}
_SATELLITES: dict[str, Column] = {
    "satellite_id": Column("Satellite"),
    "name": Column("Name"),
    "hostname": Column("Host"),
    "version": Column("Version"),
    "status": Column("Status"),
    "max_jobs": Column("Most missions", "integer"),
    "pages_per_minute": Column("Pages / min", "number"),
    "cpu_percent": Column("CPU", "percent"),
    "memory_mb": Column("Memory, MB", "number"),
    "registered_at": Column("Registered", "moment"),
    "last_heartbeat_at": Column("Last heartbeat", "moment"),
    "simulated": MARK,
}


def _missions(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return frame(
        connection,
        f"""select {", ".join(_MISSIONS)} from crawl_jobs
            where created_date >= :start and created_date < :end
              and (cast(:status as text) is null or status = :status)
            order by created_date desc, job_id desc limit :limit""",
        start=request.start,
        end=request.end,
        status=request.filters_as(MissionFilters).status,
        limit=request.limit,
    )


def _daily(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return frame(
        connection,
        f"""select {", ".join(name for name in _DAILY if name != SIMULATED)}, s.job_type is not null as simulated
            from mv_daily_job_stats
            left join (select distinct (hour at time zone 'UTC')::date as day, job_type from rollup_jobs_hourly
                       where simulated and hour >= :since and hour < :close and n > 0) s using (day, job_type)
            where day between :start and :end order by day desc, job_type limit :limit""",
        start=request.span.first_day,
        end=request.span.last_day,
        since=midnight(request.span.first_day),
        close=midnight(request.span.last_day + timedelta(days=1)),
        limit=request.limit,
    )


def _satellites(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    columns = ", ".join(_SATELLITES)
    query = f"select {columns} from satellites order by satellite_id limit :limit"
    return frame(connection, query, limit=request.limit)


_READ = Permission.MISSIONS_READ
DATASETS = (
    Dataset("missions", "Missions, by their time of creation", _READ, _MISSIONS, _missions, MissionFilters),
    Dataset("missions_daily", "Missions a day and job type", _READ, _DAILY, _daily, daily=True),
    Dataset("satellites", "The satellite fleet", _READ, _SATELLITES, _satellites, dated=False),
)
