"""What people and satellites tell missions where something follows the commit: the queue's list. Every front door
(REST, callback, socket) comes here, so that all do the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.db import transaction
from data.missions import fleet, ownership, queue, reads, rules, writes

if TYPE_CHECKING:
    from data.missions.rules import Verb
    from data.permissions import Actor
    from data.services import Services
    from data.unit_of_work import UnitOfWork


def submit(services: Services, unit: UnitOfWork, actor: Actor, **values: Any) -> dict[str, Any]:  # noqa: ANN401 — writes.submit's
    """Queue a mission (job_type, target_url, priority, config) and return it."""
    job_id = writes.submit(unit.connection, actor, **values)
    unit.after_commit(lambda: queue.follow(services.cache, job_id, queued=True))
    return reads.get_mission(unit.connection, job_id)


def act(services: Services, unit: UnitOfWork, actor: Actor, job_id: str, verb: Verb) -> dict[str, Any]:
    writes.act(unit.connection, actor, job_id, verb)
    job = reads.get_mission(unit.connection, job_id)
    unit.after_commit(lambda: queue.follow(services.cache, job_id, queued=job["status"] == "queued"))
    return job


def lease(services: Services, unit: UnitOfWork, actor: Actor, satellite_id: str) -> dict[str, Any] | None:
    """The next job for this satellite with `lease_expires_at` and where it may go in private networks, or None."""
    ownership.check(unit.connection, actor, satellite_id)
    job_id = fleet.lease(unit.connection, satellite_id)
    if job_id is None:
        return None
    job = reads.get_leased(unit.connection, job_id)
    unit.after_commit(lambda: queue.follow(services.cache, job_id, queued=False))
    policy = services.settings.private_targets
    return job | {"private_allowed": policy == "allow", "private_sites": rules.private_sites(policy, job)}


def reap(services: Services) -> tuple[list[str], list[str]]:
    """Lost jobs and requeued jobs; the queue's list is mended on the way."""
    with transaction(services.engine) as connection:
        lost, requeued = fleet.reap_expired(connection), fleet.requeue(connection)
    with transaction(services.engine) as connection:
        queue.mirror(connection, services.cache)
    return lost, requeued
