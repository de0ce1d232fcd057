"""What people and satellites tell missions, whole: one transaction, then the queue's list follows. Every front door
(REST, callback, socket) comes here, so that all do the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data import clock
from data.db import transaction
from data.missions import fleet, ownership, queue, reads, rules, writes

if TYPE_CHECKING:
    from data.missions.rules import Verb
    from data.permissions import Actor
    from data.services import Services


def submit(services: Services, actor: Actor, **values: Any) -> dict[str, Any]:  # noqa: ANN401 — writes.submit's
    """Queue a mission (job_type, target_url, priority, config) and return it."""
    with transaction(services.engine) as connection:
        job_id = writes.submit(connection, actor, **values)
        job = reads.mission(connection, job_id)
    queue.follow(services.cache, job_id, queued=True)
    return job


def act(services: Services, actor: Actor, job_id: str, verb: Verb) -> dict[str, Any]:
    with transaction(services.engine) as connection:
        writes.act(connection, actor, job_id, verb)
        job = reads.mission(connection, job_id)
    queue.follow(services.cache, job_id, queued=job["status"] == "queued")
    return job


def change(services: Services, actor: Actor, job_id: str, **values: Any) -> dict[str, Any]:  # noqa: ANN401 — writes.change's
    """Another priority, other settings; returns the mission."""
    with transaction(services.engine) as connection:
        writes.change(connection, actor, job_id, **values)
        return reads.mission(connection, job_id)


def lease(services: Services, actor: Actor, satellite_id: str) -> dict[str, Any] | None:
    """The next job for this satellite with `lease_expires_at` and where it may go in private networks, or None."""
    with transaction(services.engine) as connection:
        ownership.check(connection, actor, satellite_id)
        job_id = fleet.lease(connection, satellite_id)
        if job_id is None:
            return None
        job = reads.leased(connection, job_id)
    queue.follow(services.cache, job_id, queued=False)
    policy = services.settings.private_targets
    return job | {"private_allowed": policy == "allow", "private_sites": rules.private_sites(policy, job)}


def report(
    services: Services, actor: Actor, satellite_id: str, job_id: str, report: fleet.Report
) -> list[dict[str, Any]]:
    with transaction(services.engine) as connection:
        ownership.check(connection, actor, satellite_id)
        return fleet.report(connection, satellite_id, job_id, report, clock.now())


def reap(services: Services) -> tuple[list[str], list[str]]:
    """Lost jobs and requeued jobs; the queue's list is mended on the way."""
    with transaction(services.engine) as connection:
        lost, requeued = fleet.reap(connection), fleet.requeue(connection)
    with transaction(services.engine) as connection:
        queue.mirror(connection, services.cache)
    return lost, requeued
