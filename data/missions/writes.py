"""Changes to missions by people: submit, pause, resume, cancel, retry, reprioritise; each with its audit row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.access.writes import audit
from data.errors import Conflict, NotFound
from data.missions import rules

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from data.permissions import Actor


def submit(
    connection: Connection,
    actor: Actor,
    *,
    job_type: str,
    target_url: str,
    priority: int = 5,
    config: dict[str, Any] | None = None,
) -> str:
    """Returns the job_id of the queued mission."""
    job_id: str = connection.execute(
        text("""insert into crawl_jobs (job_type, target_url, priority, config, submitted_by, simulated)
                values (:job_type, :target_url, :priority, :config, :by, :simulated) returning job_id"""),
        {
            "job_type": job_type,
            "target_url": target_url,
            "priority": priority,
            "config": _json(config or {}),
            "by": actor.name,
            "simulated": actor.simulated,
        },
    ).scalar_one()
    detail = {"job_type": job_type, "target_url": target_url, "priority": priority}
    audit(connection, actor, "mission.submit", ("mission", job_id), detail=detail)
    return job_id


def act(connection: Connection, actor: Actor, job_id: str, verb: rules.Verb) -> None:
    """Raises NotFound, or Conflict where the mission's state forbids it."""
    job = _lock(connection, job_id)
    status = rules.next_status(job.status, verb, leased=job.leased)
    if status is None:
        raise Conflict(f"{job_id} is {job.status}: it cannot be told to {verb}")
    connection.execute(
        text("""update crawl_jobs set status = :status, updated_at = now(),
                  estimated_completion = null, eta_low = null, eta_high = null, eta_note = null,
                  queued_at = case when :status = 'queued' then now() else queued_at end,
                  completed_time = case when :status = 'cancelled' then now() else null end
                where job_id = :id"""),
        {"id": job_id, "status": status},
    )
    if verb == "pause":
        connection.execute(
            text("update satellite_assignments set was_paused = true where job_id = :id"), {"id": job_id}
        )
    elif verb == "cancel":
        release(connection, [job_id], "cancelled")
    elif verb == "retry":
        _start_over(connection, job_id)
    audit(connection, actor, f"mission.{verb}", ("mission", job_id), detail={"was": job.status, "is": status})


def change(
    connection: Connection,
    actor: Actor,
    job_id: str,
    *,
    priority: int | None = None,
    config: dict[str, Any] | None = None,
) -> None:
    """Another priority, other settings (merged into the old ones). Only a mission that has not ended takes them."""
    job = _lock(connection, job_id)
    if job.status in rules.ENDED:
        raise Conflict(f"{job_id} is {job.status}: nothing about it can be changed")
    connection.execute(
        text("""update crawl_jobs set priority = coalesce(:priority, priority),
                  config = config || cast(:config as jsonb), updated_at = now() where job_id = :id"""),
        {"id": job_id, "priority": priority, "config": _json(config or {})},
    )
    if config and "delay_seconds" in config:  # whatever it was leased with: from now on the pace is a directive
        connection.execute(
            text("update satellite_assignments set leased_delay = null where job_id = :id"), {"id": job_id}
        )
    action = "mission.reprioritise" if priority is not None else "mission.configure"
    audit(connection, actor, action, ("mission", job_id), detail={"priority": priority, "config": config})


def release(connection: Connection, job_ids: list[str], outcome: str) -> None:
    """End the leases of these jobs; they stay on record."""
    connection.execute(
        text("""
        with ended as (delete from satellite_assignments where job_id = any(:ids) returning *)
        insert into satellite_assignment_history
          (assignment_id, job_id, satellite_id, assigned_at, released_at, outcome, simulated)
        select e.assignment_id, e.job_id, e.satellite_id, e.assigned_at, now(), :outcome, j.simulated
        from ended e join crawl_jobs j using (job_id)
        """),
        {"ids": job_ids, "outcome": outcome},
    )


def _lock(connection: Connection, job_id: str) -> Row[Any]:
    job = connection.execute(
        text("""select status, exists (select from satellite_assignments a where a.job_id = j.job_id) as leased
                from crawl_jobs j where job_id = :id for update"""),
        {"id": job_id},
    ).first()
    if job is None:
        raise NotFound(f"There is no mission {job_id}")
    return job


def _start_over(connection: Connection, job_id: str) -> None:
    connection.execute(
        text("""update crawl_jobs set progress_percentage = 0, pages_crawled = 0, pages_queued = 0, links_found = 0,
                  errors_count = 0, requeue_count = 0, start_time = null, pace = '{}', message = null
                where job_id = :id"""),
        {"id": job_id},
    )


def _json(value: dict[str, Any]) -> str:
    return orjson.dumps(value).decode()
