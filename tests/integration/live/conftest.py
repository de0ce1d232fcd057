"""The state as it is built of real tables, and the jobs that it tells of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from data import clock
from data.live.state import Builder, ask_redis, build_state
from data.missions import commands, fleet
from data.missions.fleet import Report
from data.permissions import SYSTEM
from tests.callers import commanded

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.services import Services


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def look(mc: Services) -> Callable[..., dict[str, Any]]:
    def build(at: datetime | None = None, builder: Builder | None = None) -> dict[str, Any]:
        with mc.engine.begin() as connection:
            if builder is None:
                return build_state(connection, mc.cache.redis, at or datetime.now(UTC))
            return builder.build(connection, ask_redis(mc.cache.redis), at or datetime.now(UTC))

    return build


def submit(mc: Services, **values: Any) -> str:
    wanted = {"job_type": "backlinks", "target_url": "https://example.org/", "priority": 5, **values}
    return str(commanded(mc, commands.submit, **wanted)["job_id"])


def start(mc: Services, satellite_id: str = "sat-1", **values: Any) -> str:
    job_id = submit(mc, priority=10, **values)
    with mc.engine.begin() as connection:
        known = {"name": satellite_id.title(), "hostname": "h", "version": "1", "max_jobs": 9}
        fleet.register(connection, SYSTEM, satellite_id, known)
    leased = commanded(mc, commands.lease, satellite_id)
    assert (leased or {}).get("job_id") == job_id
    return job_id


def report(mc: Services, job_id: str, pages: int, status: str = "running", message: str | None = None) -> None:
    with mc.engine.begin() as connection:
        fleet.report(connection, "sat-1", job_id, Report(pages, 40, 7, 1, status, message), clock.now())


def heartbeat(mc: Services, satellite_id: str, ppm: float, status: str = "working", jobs: tuple[str, ...] = ()) -> None:
    with mc.engine.begin() as connection:
        vitals = {"pages_per_minute": ppm, "cpu_percent": None, "memory_mb": None}
        fleet.heartbeat(connection, satellite_id, status, list(jobs), vitals)
