"""A satellite's whole life over REST: register, heartbeat, lease, progress."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from flask import Response, make_response
from pydantic import BaseModel, Field

from callbacks.http.v1.missions.missions import Mission, MissionPath
from callbacks.web.api import actor, blueprint, db, needs, services, unit
from callbacks.web.paging import PageQuery, page, read_cursor
from data import clock
from data.access.rules import new_key_id
from data.missions import commands, fleet, ownership, reads, rules
from data.missions.inputs import Heartbeat, Progress, SatelliteIdentity
from data.permissions import Permission

api = blueprint("satellites", "Satellites")


class SatellitePath(BaseModel):
    satellite_id: str = Field(min_length=1, max_length=100)


class Registered(BaseModel):
    satellite_id: str
    heartbeat_seconds: int
    lease_seconds: int


class Directive(BaseModel):
    directive: Literal["rate", "pause", "resume", "cancel"]
    job_id: str
    delay_seconds: float | None = None


class HeartbeatAnswer(BaseModel):
    directives: list[Directive]
    server_time: datetime
    heartbeat_seconds: int


class ProgressAnswer(BaseModel):
    directives: list[Directive]


class LeasedMission(Mission):
    """`private_sites` are the only host:port of private networks that may be fetched for this mission."""

    lease_expires_at: datetime
    private_allowed: bool
    private_sites: list[str]


class Satellite(BaseModel):
    satellite_id: str
    name: str
    hostname: str
    version: str
    status: Literal["idle", "working", "paused", "stopping", "off", "lost"]
    max_jobs: int
    pages_per_minute: float | None
    cpu_percent: float | None
    memory_mb: float | None
    registered_at: datetime
    last_heartbeat_at: datetime
    simulated: bool
    jobs: list[str]


class Satellites(BaseModel):
    items: list[Satellite]
    next_cursor: str | None


@api.post("/satellites", summary="Register a satellite", responses={200: Registered, 201: Registered})
@needs(Permission.SATELLITES_WORK)
def register(body: SatelliteIdentity) -> Response:
    satellite_id = body.satellite_id or f"SAT-{new_key_id()}"
    new = fleet.register(db(), actor(), satellite_id, body.model_dump(exclude={"satellite_id"}))
    answer = {
        "satellite_id": satellite_id,
        "heartbeat_seconds": rules.HEARTBEAT_S,
        "lease_seconds": rules.LEASE_S,
    }
    return make_response(answer, 201 if new else 200)


@api.get("/satellites", summary="The fleet", responses={200: Satellites})
@needs(Permission.MISSIONS_READ)
def satellites(query: PageQuery) -> dict[str, Any]:
    key = read_cursor(query.cursor, str)
    items = reads.list_satellites(db(), limit=query.limit + 1, after=key[0] if key else None)
    return page(items, query.limit, "satellite_id")


@api.post("/satellites/<satellite_id>/heartbeat", summary="I am alive; what now?", responses={200: HeartbeatAnswer})
@needs(Permission.SATELLITES_WORK)
def heartbeat(path: SatellitePath, body: Heartbeat) -> dict[str, Any]:
    vitals = body.model_dump(include={"pages_per_minute", "cpu_percent", "memory_mb"})
    ownership.check(db(), actor(), path.satellite_id)
    directives = fleet.heartbeat(db(), path.satellite_id, body.status, body.jobs, vitals)
    return {"directives": directives, "server_time": clock.now(), "heartbeat_seconds": rules.HEARTBEAT_S}


@api.post("/satellites/<satellite_id>/lease", summary="The next job", responses={200: LeasedMission, 204: None})
@needs(Permission.SATELLITES_WORK)
def lease(path: SatellitePath) -> Response:
    job = commands.lease(services(), unit(), actor(), path.satellite_id)
    return make_response(job, 200) if job else make_response("", 204)


@api.post("/missions/<job_id>/progress", summary="How far a job is", responses={200: ProgressAnswer})
@needs(Permission.SATELLITES_WORK)
def progress(path: MissionPath, body: Progress) -> dict[str, Any]:
    report = fleet.Report(**body.model_dump(exclude={"satellite_id"}))
    ownership.check(db(), actor(), body.satellite_id)
    return {"directives": fleet.report(db(), body.satellite_id, path.job_id, report, clock.now())}
