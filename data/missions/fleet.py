"""A satellite's whole life as the server keeps it: registered, heard, leasing, reporting, lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.access.writes import audit
from data.errors import Conflict, NotFound
from data.missions import ownership, rules, writes
from data.permissions import SYSTEM, Permission

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from data.permissions import Actor

_LEASE = timedelta(seconds=rules.LEASE_S)


@dataclass(frozen=True, slots=True)
class Report:
    """Progress of one run, in absolute numbers; `status` is what the satellite says of the job."""

    pages_crawled: int
    pages_queued: int = 0
    links_found: int = 0
    errors_count: int = 0
    status: str = "running"
    message: str | None = None


def register(connection: Connection, actor: Actor, satellite_id: str, values: dict[str, Any]) -> bool:
    """Make the satellite known, or known again; returns whether it is new. `values`: name hostname version max_jobs."""
    known = connection.execute(
        text("select simulated, owner_family from satellites where satellite_id = :id for update"), {"id": satellite_id}
    ).first()
    if known is not None and known.simulated != actor.simulated:
        raise Conflict(f"{satellite_id}: a {'simulated' if known.simulated else 'real'} satellite has this name")
    if known is not None:
        ownership.check_free(connection, actor, satellite_id, known.owner_family)
    connection.execute(
        text("""insert into satellites (satellite_id, name, hostname, version, max_jobs, simulated)
                values (:id, :name, :hostname, :version, :max_jobs, :simulated)
                on conflict (satellite_id) do update set name = excluded.name, hostname = excluded.hostname,
                  version = excluded.version, max_jobs = excluded.max_jobs, status = 'idle',
                  last_heartbeat_at = now(), last_fetched_at = now()"""),
        {"id": satellite_id, "simulated": actor.simulated, **values},
    )
    if known is None or not (known.owner_family and actor.may(Permission.ACCESS_MANAGE)):
        ownership.take(connection, actor, satellite_id)
    if known is None:
        audit(connection, actor, "satellite.register", ("satellite", satellite_id), detail=values)
    else:
        _shorten_leases(connection, satellite_id)
    return known is None


def _shorten_leases(connection: Connection, satellite_id: str) -> None:
    """Who registers again has probably been started anew: what its first heartbeat does not name is lost."""
    connection.execute(
        text("""update satellite_assignments set lease_expires_at = least(lease_expires_at, now() + :grace)
                where satellite_id = :id"""),
        {"id": satellite_id, "grace": timedelta(seconds=rules.HEARTBEAT_S)},
    )


def heartbeat(
    connection: Connection, satellite_id: str, status: str, jobs: Sequence[str], vitals: dict[str, float | None]
) -> list[dict[str, Any]]:
    """Renew the leases of `jobs` and return what the satellite is to be told. Raises NotFound: register again."""
    known = connection.execute(
        text("""update satellites set status = :status, last_heartbeat_at = now(), last_fetched_at = now(),
                  pages_per_minute = :pages_per_minute, cpu_percent = :cpu_percent, memory_mb = :memory_mb
                where satellite_id = :id"""),
        {"id": satellite_id, "status": status, **vitals},
    ).rowcount
    if not known:
        raise NotFound(f"There is no satellite {satellite_id}: register first")
    connection.execute(
        text("""update satellite_assignments set lease_expires_at = now() + :lease
                where satellite_id = :id and job_id = any(:jobs)"""),
        {"id": satellite_id, "jobs": list(jobs), "lease": _LEASE},
    )
    if status == "stopping":
        _hand_back(connection, satellite_id, jobs)
    return _directives(connection, satellite_id, jobs)


def _hand_back(connection: Connection, satellite_id: str, kept: Sequence[str]) -> None:
    """A satellite that stops in good order gives its jobs back to the queue; that costs them no requeue."""
    back = connection.scalars(
        text("""select j.job_id from crawl_jobs j join satellite_assignments a using (job_id)
                where a.satellite_id = :id and j.job_id <> all(:kept) order by j.job_id for update"""),
        {"id": satellite_id, "kept": list(kept)},
    ).all()
    connection.execute(
        text("""update crawl_jobs set status = case when status = 'running' then 'queued' else status end,
                  updated_at = now(), estimated_completion = null, eta_low = null, eta_high = null, eta_note = null
                where job_id = any(:ids)"""),
        {"ids": list(back)},
    )
    writes.release(connection, list(back), "handed back")


def _directives(connection: Connection, satellite_id: str, jobs: Sequence[str]) -> list[dict[str, Any]]:
    rows = connection.execute(
        text("""
        select wanted.job_id, j.status, a.satellite_id is not null as held, a.leased_delay,
               coalesce(a.was_paused, false) as was_paused,
               case when jsonb_typeof(j.config -> 'delay_seconds') = 'number'
                    then (j.config ->> 'delay_seconds')::float8 end as delay
        from unnest(cast(:jobs as text[])) as wanted (job_id)
        left join crawl_jobs j using (job_id)
        left join satellite_assignments a on a.job_id = wanted.job_id and a.satellite_id = :id
        """),
        {"id": satellite_id, "jobs": list(jobs)},
    )
    return [said for row in rows.mappings() for said in rules.directives(dict(row))]


def lease(connection: Connection, satellite_id: str) -> str | None:
    """The job_id of the waiting job with the highest priority, now this satellite's; None when there is none."""
    satellite = connection.execute(
        text("""select simulated, max_jobs > (select count(*) from satellite_assignments a
                                              where a.satellite_id = s.satellite_id) as free
                from satellites s where satellite_id = :id for update"""),
        {"id": satellite_id},
    ).first()
    if satellite is None:
        raise NotFound(f"There is no satellite {satellite_id}: register first")
    if not satellite.free:
        return None
    job_id: str | None = connection.execute(
        text("""
        update crawl_jobs set status = 'running', start_time = now(), completed_time = null, updated_at = now(),
          progress_percentage = 0, pages_crawled = 0, pages_queued = 0, links_found = 0, errors_count = 0, pace = '{}'
        where job_id = (select job_id from crawl_jobs where status = 'queued' and simulated = :simulated
                        order by priority desc, queued_at for update skip locked limit 1)
        returning job_id
        """),
        {"simulated": satellite.simulated},
    ).scalar()
    if job_id is not None:
        _assign(connection, satellite_id, job_id)
    return job_id


def _assign(connection: Connection, satellite_id: str, job_id: str) -> None:
    connection.execute(
        text("""insert into satellite_assignments (job_id, satellite_id, lease_expires_at, leased_delay)
                select job_id, :satellite, now() + :lease,
                  case when jsonb_typeof(config -> 'delay_seconds') = 'number'
                       then (config ->> 'delay_seconds')::float8 end
                from crawl_jobs where job_id = :job"""),
        {"satellite": satellite_id, "job": job_id, "lease": _LEASE},
    )
    # One that rested said 0 a minute; of the work that begins now it has told nothing yet.
    connection.execute(
        text("update satellites set pages_per_minute = nullif(pages_per_minute, 0) where satellite_id = :satellite"),
        {"satellite": satellite_id},
    )


def report(
    connection: Connection, satellite_id: str, job_id: str, report: Report, now: datetime
) -> list[dict[str, Any]]:
    """Take a progress report; raises NotFound, or Conflict when this satellite no longer holds the job."""
    job = _held(connection, satellite_id, job_id)
    if report.status in ("completed", "failed"):
        _end(connection, job_id, report)
        return []
    max_pages = job.max_pages if isinstance(job.max_pages, int) else None
    pace = rules.observe(
        rules.Pace.of(job.pace),
        now.timestamp(),
        report.pages_crawled,
        report.pages_queued,
        errors=report.errors_count,
        began=(job.start_time or now).timestamp(),
    )
    eta = rules.eta(pace, now, max_pages) if job.status == "running" else rules.Eta()
    connection.execute(
        text("""update crawl_jobs set pages_crawled = :crawled, pages_queued = :queued, links_found = :links,
                  errors_count = :errors, progress_percentage = :progress, pace = :pace, message = :message,
                  estimated_completion = :estimate, eta_low = :low, eta_high = :high, eta_note = :note,
                  updated_at = :now, last_fetched_at = :now where job_id = :id"""),
        {
            "id": job_id,
            "crawled": report.pages_crawled,
            "queued": report.pages_queued,
            "links": report.links_found,
            "errors": report.errors_count,
            "progress": rules.progress(report.pages_crawled, report.pages_queued, max_pages),
            "pace": orjson.dumps(pace.as_dict()).decode(),
            "message": report.message,
            "estimate": eta.estimate,
            "low": eta.low,
            "high": eta.high,
            "note": eta.note,
            "now": now,
        },
    )
    connection.execute(
        text("update satellite_assignments set lease_expires_at = now() + :lease where job_id = :id"),
        {"id": job_id, "lease": _LEASE},
    )
    return _directives(connection, satellite_id, [job_id])


def _held(connection: Connection, satellite_id: str, job_id: str) -> Row[Any]:
    job = connection.execute(
        text("""select j.status, j.pace, j.start_time, j.config -> 'max_pages' as max_pages, a.satellite_id
                from crawl_jobs j left join satellite_assignments a using (job_id)
                where j.job_id = :id for update of j"""),
        {"id": job_id},
    ).first()
    if job is None:
        raise NotFound(f"There is no mission {job_id}")
    if job.satellite_id != satellite_id:
        raise Conflict(f"{satellite_id} does not hold {job_id}: it is {job.status}")
    return job


def _end(connection: Connection, job_id: str, report: Report) -> None:
    connection.execute(
        text("""update crawl_jobs set status = :status, completed_time = now(), updated_at = now(),
                  last_fetched_at = now(), pages_crawled = :crawled, pages_queued = :queued, links_found = :links,
                  errors_count = :errors, message = :message,
                  progress_percentage = case when :status = 'completed' then 100 else progress_percentage end,
                  estimated_completion = null, eta_low = null, eta_high = null, eta_note = null
                where job_id = :id"""),
        {
            "id": job_id,
            "status": report.status,
            "crawled": report.pages_crawled,
            "queued": report.pages_queued,
            "links": report.links_found,
            "errors": report.errors_count,
            "message": report.message,
        },
    )
    writes.release(connection, [job_id], report.status)


def reap_expired(connection: Connection) -> list[str]:
    """Jobs whose lease ran out: a running one becomes ABNORMAL. Returns their ids.

    Satellite, then job, then lease: everything here locks in this order, so that nobody waits in a circle.
    """
    connection.execute(
        text("""update satellites set status = 'lost' where satellite_id = any(array(
                  select satellite_id from satellites
                  where status not in ('lost', 'stopping') and last_heartbeat_at < now() - :lease
                  order by satellite_id for update skip locked))"""),
        {"lease": _LEASE},
    )
    lost = connection.execute(
        text("""select a.job_id, a.satellite_id, s.last_heartbeat_at
                from crawl_jobs j join satellite_assignments a using (job_id) join satellites s using (satellite_id)
                where a.lease_expires_at < now() for update of j, a skip locked""")
    ).all()
    for row in lost:
        note = f"{row.satellite_id} was lost: no heartbeat since {row.last_heartbeat_at:%H:%M:%S} UTC"
        connection.execute(
            text("""update crawl_jobs set status = case when status = 'running' then 'abnormal' else status end,
                      completed_time = case when status = 'running' then now() end, message = :note, updated_at = now(),
                      estimated_completion = null, eta_low = null, eta_high = null, eta_note = null
                    where job_id = :id"""),
            {"id": row.job_id, "note": note},
        )
        writes.release(connection, [row.job_id], "lost")
        audit(connection, SYSTEM, "mission.abnormal", ("mission", row.job_id), detail={"why": note})
    return [row.job_id for row in lost]


def requeue(connection: Connection) -> list[str]:
    """Put jobs of lost satellites back, once each, after they were seen as ABNORMAL. Returns their ids."""
    rows = connection.execute(
        text("""update crawl_jobs set status = 'queued', queued_at = now(), updated_at = now(), completed_time = null,
                  requeue_count = requeue_count + 1, message = message || '; requeued'
                where status = 'abnormal' and requeue_count < :times and updated_at < now() - :rest
                returning job_id"""),
        {"times": rules.REQUEUES, "rest": timedelta(seconds=rules.REQUEUE_AFTER_S)},
    ).all()
    for row in rows:
        audit(connection, SYSTEM, "mission.requeue", ("mission", row.job_id))
    return [row.job_id for row in rows]
