"""What rules of alerts may ask about missions and satellites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.cache import JOB_QUEUE
from data.signal import Sample, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.signal import Asked

FAILURES = 500  # the newest; more say nothing that these do not
SATELLITES = 500
AFFECTED = 3  # missions that are named


def queue_depth(asked: Asked) -> Iterator[Sample]:
    row = asked.connection.execute(
        text("""select count(*) as depth, coalesce(bool_and(simulated), false) as simulated
                from crawl_jobs where status = 'queued'""")
    ).one()
    yield Sample(float(row.depth), {"queue": JOB_QUEUE}, simulated=row.simulated)


def queue_oldest(asked: Asked) -> Iterator[Sample]:
    row = asked.connection.execute(
        text("""select extract(epoch from cast(:now as timestamptz) - min(oldest.queued_at))::float8 as seconds,
                  coalesce(bool_and(oldest.simulated), false) as simulated
                from generate_series(1, 10) p (priority)
                cross join lateral (select queued_at, simulated from crawl_jobs q
                                    where q.status = 'queued' and q.priority = p.priority
                                    order by queued_at limit 1) oldest"""),
        {"now": asked.now},
    ).one()
    yield Sample(max(0.0, row.seconds or 0.0), {"queue": JOB_QUEUE}, simulated=row.simulated)


def mission_failed(asked: Asked) -> Iterator[Sample]:
    """Those of the last day that nobody has taken up again."""
    rows = asked.connection.execute(
        text("""select job_id, status, target_url, coalesce(message, '') as message, simulated from crawl_jobs
                where completed_time > cast(:now as timestamptz) - interval '24 hours'
                  and status in ('failed', 'abnormal')
                order by completed_time desc limit :limit"""),
        {"now": asked.now, "limit": FAILURES},
    )
    for row in rows:
        words = " · ".join(filter(None, (row.status, row.target_url[:200], row.message[:200])))
        yield Sample(1.0, {"job": row.job_id}, words, simulated=row.simulated)


def error_rate(asked: Asked) -> Iterator[Sample]:
    """The share of the last hour's missions that failed; nothing can be said where none ended."""
    row = asked.connection.execute(
        text("""select avg((status in ('failed', 'abnormal'))::int)::float8 as rate,
                  coalesce(bool_and(simulated), false) as simulated from crawl_jobs
                where completed_time > cast(:now as timestamptz) - interval '1 hour'
                  and status in ('completed', 'failed', 'abnormal')"""),
        {"now": asked.now},
    ).one()
    yield Sample(row.rate, simulated=row.simulated)


def satellite_silent(asked: Asked) -> Iterator[Sample]:
    """Who said goodbye is not silent; who has not been heard of for a day is forgotten."""
    rows = asked.connection.execute(
        text("""
        select s.satellite_id, s.simulated,
               extract(epoch from cast(:now as timestamptz) - s.last_heartbeat_at)::float8 as seconds,
               array(select a.job_id from satellite_assignments a where a.satellite_id = s.satellite_id
                     union
                     select h.job_id from satellite_assignment_history h join crawl_jobs j using (job_id)
                     where j.status in ('abnormal', 'queued') and h.satellite_id = s.satellite_id
                       and h.outcome = 'lost' and h.released_at > s.last_heartbeat_at
                     order by 1) as jobs
        from satellites s
        where s.last_heartbeat_at > cast(:now as timestamptz) - interval '1 day' and s.status <> 'stopping'
        order by s.last_heartbeat_at desc limit :limit
        """),
        {"now": asked.now, "limit": SATELLITES},
    )
    for row in rows:
        yield Sample(max(0.0, row.seconds), {"satellite": row.satellite_id}, affected(row), simulated=row.simulated)


def affected(row: Any) -> str:  # noqa: ANN401 — a row with its jobs
    if not row.jobs:
        return "no mission affected"
    more = f" and {len(row.jobs) - AFFECTED} more" if len(row.jobs) > AFFECTED else ""
    count = "1 mission" if len(row.jobs) == 1 else f"{len(row.jobs)} missions"
    return f"{count} affected: {', '.join(row.jobs[:AFFECTED])}{more}"


SIGNALS = (
    Signal("queue_depth", "Missions that wait in a queue", "missions", labels=("queue",), read=queue_depth),
    Signal("queue_oldest_seconds", "How long the oldest mission waits", "s", labels=("queue",), read=queue_oldest),
    Signal("mission_failed", "A mission failed or ended abnormally", labels=("job",), read=mission_failed),
    Signal("error_rate", "Share of the last hour's missions that failed", every_s=15, read=error_rate),
    Signal(
        "satellite_silent_seconds",
        "Since when a satellite is silent",
        "s",
        labels=("satellite",),
        read=satellite_silent,
    ),
)
