"""A crew for tests: a person's program that submits missions and a satellite's that works on them, over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.cache import JOB_QUEUE
from data.missions import commands
from tests.callers import Caller, program

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from data.services import Services

SATELLITE = "SAT-1"


@dataclass(frozen=True)
class Crew:
    mc: Services
    operator: Caller
    crawler: Caller

    def submit(self, **values: Any) -> str:
        mission = {"job_type": "full_site_crawl", "target_url": "https://example.org/"} | values
        answer = self.operator("POST", "/api/v1/missions", mission)
        assert answer.status_code == 201, answer.text
        job_id: str = answer.json["job_id"]
        return job_id

    def mission(self, job_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.operator("GET", f"/api/v1/missions/{job_id}").json
        return found

    def act(self, job_id: str, verb: str) -> TestResponse:
        return self.operator("POST", f"/api/v1/missions/{job_id}/{verb}")

    def register(self, satellite_id: str = SATELLITE, **values: Any) -> str:
        body = {"satellite_id": satellite_id, "name": satellite_id, "max_jobs": 100} | values
        assert self.crawler("POST", "/api/v1/satellites", body).status_code in (200, 201)
        return satellite_id

    def lease(self, satellite_id: str = SATELLITE) -> dict[str, Any] | None:
        answer = self.crawler("POST", f"/api/v1/satellites/{satellite_id}/lease", {})
        assert answer.status_code in (200, 204), answer.text
        return answer.json if answer.status_code == 200 else None

    def start(self, satellite_id: str = SATELLITE, **values: Any) -> str:
        """Submit a mission and let a satellite lease it: the only one that waits."""
        job_id = self.submit(**values)
        self.register(satellite_id)
        job = self.lease(satellite_id)
        assert job is not None
        assert job["job_id"] == job_id
        return job_id

    def beat(self, *jobs: str, satellite_id: str = SATELLITE, **values: Any) -> list[dict[str, Any]]:
        """The directives that a heartbeat brings."""
        body = {"status": "working", "jobs": list(jobs)} | values
        answer = self.crawler("POST", f"/api/v1/satellites/{satellite_id}/heartbeat", body)
        assert answer.status_code == 200, answer.text
        directives: list[dict[str, Any]] = answer.json["directives"]
        return directives

    def report(self, job_id: str, satellite_id: str = SATELLITE, **numbers: Any) -> TestResponse:
        body = {"satellite_id": satellite_id, "pages_crawled": 0} | numbers
        return self.crawler("POST", f"/api/v1/missions/{job_id}/progress", body)

    def queue(self) -> list[str]:
        found: Any = self.mc.cache.redis.lrange(JOB_QUEUE, 0, -1)
        return [item.decode() for item in found]

    def queued(self) -> list[str]:
        """The waiting jobs as PostgreSQL knows them, in the order of their leases."""
        return self._all("select job_id from crawl_jobs where status = 'queued' order by priority desc, queued_at")

    def lose(self, job_id: str) -> None:
        """Its satellite has been silent for longer than the lease."""
        self._do(
            "update satellite_assignments set lease_expires_at = now() - interval '1 second' where job_id = :id", job_id
        )
        self._do(
            """update satellites set last_heartbeat_at = now() - interval '2 minutes' where satellite_id =
               (select satellite_id from satellite_assignments where job_id = :id)""",
            job_id,
        )

    def later(self, job_id: str, seconds: float) -> None:
        """Let time pass for one mission: its last report and its last change lie further back."""
        at = f"to_jsonb((pace ->> 'at')::float8 - {seconds})"
        self._do(
            f"""update crawl_jobs set updated_at = updated_at - interval '{seconds} seconds',
                  pace = case when pace ? 'at' then jsonb_set(pace, '{{at}}', {at}) else pace end
                where job_id = :id""",
            job_id,
        )

    def reap(self) -> tuple[list[str], list[str]]:
        return commands.reap(self.mc)

    def _do(self, statement: str, job_id: str) -> None:
        with self.mc.engine.begin() as connection:
            connection.execute(text(statement), {"id": job_id})

    def _all(self, statement: str) -> list[Any]:
        with self.mc.engine.begin() as connection:
            return list(connection.scalars(text(statement)))


def crew(mc: Services, server: Flask, *, simulated: bool = False) -> Crew:
    name = "simulator" if simulated else "tests"
    return Crew(
        mc,
        program(mc, server, "operate", name=f"{name} operator", simulated=simulated),
        program(mc, server, "satellite", name=f"{name} satellite", simulated=simulated),
    )
