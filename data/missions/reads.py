"""Missions and the fleet, as rows for programs and as frames for charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.db import frame
from data.errors import NotFound
from data.missions import rules
from data.missions.frames import DAILY_JOB_STATS

if TYPE_CHECKING:
    from datetime import date, datetime

    import pandas as pd
    from sqlalchemy import Connection

_MISSION = """
select j.job_id, j.job_type, j.status, j.target_url, j.priority, j.config, j.progress_percentage, j.pages_crawled,
       j.pages_queued, j.links_found, j.errors_count, j.created_date, j.start_time, j.completed_time,
       j.estimated_completion, j.eta_low, j.eta_high, j.eta_note, j.requeue_count, j.message, j.submitted_by,
       j.last_fetched_at, j.simulated,
       coalesce((select array_agg(a.satellite_id order by a.assignment_id)
                 from satellite_assignments a where a.job_id = j.job_id), '{}') as satellites
from crawl_jobs j
"""


def get_mission(connection: Connection, job_id: str) -> dict[str, Any]:
    """One mission with every field. Raises NotFound."""
    row = connection.execute(text(f"{_MISSION} where j.job_id = :id"), {"id": job_id}).mappings().first()
    if row is None:
        raise NotFound(f"There is no mission {job_id}")
    return dict(row)


def get_leased(connection: Connection, job_id: str) -> dict[str, Any]:
    """A mission with the end of its lease."""
    expires = connection.scalar(
        text("select lease_expires_at from satellite_assignments where job_id = :id"), {"id": job_id}
    )
    return get_mission(connection, job_id) | {"lease_expires_at": expires}


def list_missions(
    connection: Connection, *, status: str | None, limit: int, after: tuple[datetime, str] | None
) -> list[dict[str, Any]]:
    """The newest first; `after` is (created_date, job_id) of the last row of the page before."""
    rows = connection.execute(
        text(f"""{_MISSION}
        where (cast(:status as text) is null or j.status = :status)
          and (cast(:created as timestamptz) is null or (j.created_date, j.job_id) < (:created, :job_id))
        order by j.created_date desc, j.job_id desc limit :limit"""),
        {
            "status": status,
            "limit": limit,
            "created": after[0] if after else None,
            "job_id": after[1] if after else None,
        },
    )
    return [dict(row) for row in rows.mappings()]


def list_satellites(connection: Connection, *, limit: int, after: str | None) -> list[dict[str, Any]]:
    rows = connection.execute(
        text("""
        select s.satellite_id, s.name, s.hostname, s.version,
               case when s.status = 'stopping' and s.last_heartbeat_at < now() - cast(:goodbye as interval)
                    then 'off' else s.status end as status, s.max_jobs, s.pages_per_minute, s.cpu_percent,
               s.memory_mb, s.registered_at, s.last_heartbeat_at, s.simulated,
               coalesce((select array_agg(a.job_id order by a.assignment_id)
                         from satellite_assignments a where a.satellite_id = s.satellite_id), '{}') as jobs
        from satellites s where cast(:after as text) is null or s.satellite_id > :after
        order by s.satellite_id limit :limit"""),
        {"limit": limit, "after": after, "goodbye": rules.GOODBYE},
    )
    return [dict(row) for row in rows.mappings()]


def list_assignments(connection: Connection, job_id: str) -> list[dict[str, Any]]:
    """Which satellites worked on a mission: satellite_id, assigned_at, released_at and outcome (None: works now)."""
    rows = connection.execute(
        text("""
        select satellite_id, assigned_at, null::timestamptz as released_at, null as outcome
        from satellite_assignments where job_id = :id
        union all
        select satellite_id, assigned_at, released_at, outcome from satellite_assignment_history where job_id = :id
        order by assigned_at"""),
        {"id": job_id},
    )
    return [dict(row) for row in rows.mappings()]


def daily_job_stats(connection: Connection, start: date, end: date) -> pd.DataFrame:
    """One row a day (UTC, both ends included) and job type, by the day of creation; durations in seconds."""
    return frame(
        connection,
        f"""select {", ".join(DAILY_JOB_STATS)} from mv_daily_job_stats
            where day between :start and :end order by day, job_type""",
        start=start,
        end=end,
    )
