"""The questions that the live state asks of jobs and satellites. Those asked every second are answered from an index
and bounded by a limit; those whose cost grows with what is stored are asked less often (see `data.live.throttled`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

JOBS = 200
ENDED_JOBS = 50
SATELLITES = 500
FAILURES = 20
ENDED_SHOWN_S = 60
TOLD_JOBS = 5000

Rows = list[dict[str, Any]]


def jobs(connection: Connection, now: datetime) -> Rows:
    """Running and paused jobs, those that ended a moment ago, then the head of the queue; as many as are shown."""
    return _rows(
        connection,
        """
        with chosen as (
          (select job_id, 1 as place from crawl_jobs where status in ('running', 'paused')
           order by priority desc, created_date limit :jobs)
          union all
          (select job_id, 2 from crawl_jobs
           where completed_time > cast(:now as timestamptz) - make_interval(secs => :shown)
             and status in ('completed', 'failed', 'cancelled', 'abnormal')
           order by completed_time desc limit :ended)
          union all
          (select job_id, 3 from crawl_jobs where status = 'queued' order by priority desc, queued_at limit :jobs))
        select j.job_id, j.job_type, j.status, j.target_url, j.priority, j.progress_percentage, j.pages_crawled,
               j.pages_queued, j.links_found, j.errors_count, j.created_date, j.start_time, j.estimated_completion,
               j.eta_low, j.eta_high, j.eta_note, j.simulated,
               case when j.status = 'running' then j.message end as note,
               array(select a.satellite_id from satellite_assignments a where a.job_id = j.job_id) as satellites
        from chosen c join crawl_jobs j using (job_id)
        order by c.place, j.priority desc, j.queued_at limit :jobs
        """,
        now=now,
        jobs=JOBS,
        ended=ENDED_JOBS,
        shown=ENDED_SHOWN_S,
    )


def satellites(connection: Connection, now: datetime) -> Rows:
    """Those heard of in the last day."""
    return _rows(
        connection,
        """
        select s.satellite_id, s.name, s.status, s.last_heartbeat_at, s.pages_per_minute, s.simulated,
               (select a.job_id from satellite_assignments a where a.satellite_id = s.satellite_id
                order by a.assignment_id limit 1) as job_id
        from satellites s where s.last_heartbeat_at > cast(:now as timestamptz) - interval '1 day'
        order by s.last_heartbeat_at desc limit :limit
        """,
        now=now,
        limit=SATELLITES,
    )


def queue(connection: Connection, now: datetime) -> dict[str, Any]:
    """How many jobs run, wait and rest, and how long the oldest has waited (one look at the index per priority)."""
    found = _rows(
        connection,
        """
        select count(*) filter (where status = 'running') as running,
               count(*) filter (where status = 'queued') as queued,
               count(*) filter (where status = 'paused') as paused,
               extract(epoch from cast(:now as timestamptz) - (
                 select min(oldest.queued_at) from generate_series(1, 10) p (priority)
                 cross join lateral (select queued_at from crawl_jobs q
                                     where q.status = 'queued' and q.priority = p.priority
                                     order by queued_at limit 1) oldest))::float8 as oldest_s
        from crawl_jobs where status in ('running', 'queued', 'paused')
        """,
        now=now,
    )
    return found[0]


def ended(connection: Connection, now: datetime) -> dict[str, Any]:
    """What the last 24 hours brought to an end; `completed_1h` is what the queue drains at."""
    found = _rows(
        connection,
        """
        select count(*) filter (where status = 'completed') as completed,
               count(*) filter (where status in ('failed', 'abnormal')) as failed,
               count(*) filter (where status = 'completed'
                                and completed_time > cast(:now as timestamptz) - interval '1 hour') as completed_1h,
               avg(extract(epoch from completed_time - start_time)::float8)
                 filter (where status = 'completed') as mean_s
        from crawl_jobs where completed_time > cast(:now as timestamptz) - interval '24 hours'
        """,
        now=now,
    )
    return found[0]


def failures(connection: Connection, now: datetime) -> Rows:
    """The newest jobs that need a person, with the satellite that had them last."""
    return _rows(
        connection,
        """
        select j.job_id, j.status, j.target_url, j.message, j.completed_time, h.satellite_id
        from crawl_jobs j
        left join lateral (select satellite_id from satellite_assignment_history h where h.job_id = j.job_id
                           order by assignment_id desc limit 1) h on true
        where j.completed_time > cast(:now as timestamptz) - interval '24 hours' and j.status in ('failed', 'abnormal')
        order by j.completed_time desc limit :limit
        """,
        now=now,
        limit=FAILURES,
    )


def pages_before(connection: Connection, day: date) -> int:
    """Pages crawled by all jobs created before this day, as of the view's last refresh."""
    return _number(
        connection, "select sum(pages_crawled)::bigint from mv_daily_job_stats where day < :day", {"day": day}
    )


def pages_since(connection: Connection, day: date) -> int:
    """The same for jobs created on this day or later, as of the roll-up a few seconds ago."""
    return _number(
        connection,
        """select sum(sum_pages)::bigint from rollup_jobs_hourly
           where hour >= cast(:day as timestamp) at time zone 'UTC'""",
        {"day": day},
    )


def holds_simulation(connection: Connection, _: datetime) -> bool:
    """Whether anything on the wall comes from the simulator."""
    return bool(
        connection.scalar(
            text("""select exists (select from satellites where simulated)
                        or exists (select from rollup_jobs_hourly where simulated)""")
        )
    )


def minutes_told(connection: Connection, first: datetime, last: datetime) -> Rows:
    """The same minutes as the records of jobs and satellites tell them, for those that nobody was there to note."""
    return _rows(
        connection,
        """
        with jobs as materialized (
          select created_date, start_time, completed_time from crawl_jobs
          where status in ('running', 'paused', 'queued') or completed_time >= cast(:first as timestamptz)
          limit :jobs),
        speeds as (
          select minute, sum(ppm) as ppm, count(*) filter (where ppm > 0) as working from (
            select date_trunc('minute', created_date, 'UTC') as minute, satellite_id, avg(pages_per_minute) as ppm
            from satellite_performance_logs
            where created_date >= :first and created_date < cast(:last as timestamptz) + interval '1 minute'
            group by 1, 2) each
          group by minute)
        select m.minute, j.active_jobs, j.queue_depth, s.working as satellites_active,
               round(s.ppm::numeric, 1)::float8 as pages_per_minute
        from generate_series(cast(:first as timestamptz), :last, interval '1 minute') m (minute)
        cross join lateral (
          select count(*) filter (where start_time <= m.minute) as active_jobs,
                 count(*) filter (where start_time is null or start_time > m.minute) as queue_depth
          from jobs where created_date <= m.minute and (completed_time is null or completed_time > m.minute)) j
        left join speeds s using (minute)
        where exists (select from jobs) or exists (select from speeds)
        """,
        first=first,
        last=last,
        jobs=TOLD_JOBS,
    )


def failures_by_minute(connection: Connection, first: datetime, last: datetime) -> Rows:
    """How many jobs failed in the hour up to each minute; nothing where no job ever ended."""
    return _rows(
        connection,
        """
        with failed as materialized (
          select completed_time from crawl_jobs
          where completed_time > cast(:first as timestamptz) - interval '1 hour' and status in ('failed', 'abnormal')
          limit :jobs)
        select m.minute, (select count(*) from failed
                          where completed_time <= m.minute and completed_time > m.minute - interval '1 hour') as n
        from generate_series(cast(:first as timestamptz), :last, interval '1 minute') m (minute)
        where exists (select from crawl_jobs where completed_time is not null)
        """,
        first=first,
        last=last,
        jobs=TOLD_JOBS,
    )


def speeds(connection: Connection, first: datetime, end: datetime) -> Rows:
    """Mean pages a minute per satellite and minute."""
    return _rows(
        connection,
        """
        select satellite_id, date_trunc('minute', created_date, 'UTC') as minute, avg(pages_per_minute) as ppm
        from satellite_performance_logs where created_date >= :first and created_date < :end group by 1, 2
        """,
        first=first,
        end=end,
    )


def _rows(connection: Connection, sql: str, **values: Any) -> Rows:  # noqa: ANN401 — bound by the driver
    return [dict(row) for row in connection.execute(text(sql), values).mappings()]


def _number(connection: Connection, sql: str, values: dict[str, Any]) -> int:
    return int(connection.scalar(text(sql), values) or 0)
