"""Crawl jobs and the satellites that work on them."""

from __future__ import annotations

from data.area import Area, Chart, Finder, Number, Table, View
from data.permissions import Permission

_JOBS = "mv_daily_job_stats"
_S, _T, _PAGE = "summary", "trends", "/missions"

MISSIONS = Area(
    "missions",
    "Missions",
    _PAGE,
    rollups=(View("missions", "rollup_jobs_hourly", 1),),
    views=(View("missions", "mission_control_summary", 1), View("missions", _JOBS, 1)),
    tables=(
        Table("satellite_assignment_history", simulated=True, counted=True),
        Table("satellites", simulated=True, counted=True),
        Table("crawl_jobs", simulated=True, counted=True),
        Table("rollup_jobs_hourly", simulated=True),
    ),
    finders=(
        Finder(
            "mission",
            Permission.MISSIONS_READ,
            "/missions?job={}",
            """select job_id as key, job_id as title, job_type || ' · ' || target_url || ' · ' || status as detail
               from ((select * from crawl_jobs where job_id = upper(:start))
                     union all
                     (select * from (select * from crawl_jobs order by created_date desc limit 3000) newest
                      where (job_id ilike :like or target_url ilike :like) and job_id <> upper(:start)
                      order by created_date desc limit :each)) matches
               limit :each""",
        ),
        Finder(
            "satellite",
            Permission.MISSIONS_READ,
            "/missions#panel-fleet",
            """select satellite_id as key, name as title, status as detail from satellites
               where name ilike :like or satellite_id ilike :like order by last_heartbeat_at desc limit :each""",
        ),
    ),
    numbers=(
        Number("active_jobs", "Active missions", f"{_S}.active_jobs", trend=f"{_T}.active_jobs", status="jobs"),
        Number("queued_jobs", "Queued missions", f"{_S}.queued_jobs", status="queue", href=_PAGE),
        Number("paused_jobs", "Paused missions", f"{_S}.paused_jobs", status="jobs", href=_PAGE),
        Number("queue_depth", "Queue depth", "queue_depth", trend=f"{_T}.queue_depth", status="queue"),
        Number("queue_oldest_s", "Oldest in the queue", f"{_S}.queue_oldest_s", "age", unit="s", status="queue"),
        Number("drain_s", "Queue drains in", f"{_S}.drain_s", "age", unit="s", status="queue"),
        Number("completed_24h", "Completed in 24 h", f"{_S}.completed_24h", worse="below", status="jobs", href=_PAGE),
        Number("failed_24h", "Failed in 24 h", f"{_S}.failed_24h", status="errors", href=_PAGE),
        Number(
            "mean_completion_s",
            "Mean completion",
            f"{_S}.mean_completion_s",
            "age",
            unit="s",
            status="jobs",
            href=_PAGE,
        ),
        Number(
            "satellites_active",
            "Satellites at work",
            f"{_S}.satellites_active",
            trend=f"{_T}.satellites_active",
            worse="below",
            status="fleet",
        ),
        Number("satellites_total", "Satellites known", f"{_S}.satellites_total", worse="below", status="fleet"),
        Number(
            "utilisation",
            "Fleet utilisation",
            f"{_S}.utilisation",
            "percent",
            worse="below",
            unit="%",
            status="fleet",
            href=_PAGE,
        ),
        Number(
            "pages_per_minute",
            "Pages / min",
            f"{_S}.pages_per_minute",
            trend=f"{_T}.pages_per_minute",
            worse="below",
            status="rate",
        ),
        Number("pages_total", "Pages discovered", f"{_S}.pages_total", worse="below", status="rate", href=_PAGE),
    ),
    charts=(
        Chart("jobs_by_outcome", "Missions by outcome", "missions per day", _JOBS, Permission.MISSIONS_READ),
        Chart("pages_by_day", "Pages crawled", "pages per day", _JOBS, Permission.MISSIONS_READ),
        Chart(
            "completion_time", "Mean completion time", "minutes, by day of creation", _JOBS, Permission.MISSIONS_READ
        ),
        Chart(
            "satellite_speed",
            "Satellite speed",
            "pages / min, mean and span",
            "mv_daily_satellite_performance",
            Permission.MISSIONS_READ,
        ),
    ),
    every={"reap_lost_jobs": 5},
)
