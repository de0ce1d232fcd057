"""Missions over REST: submit, list, look at, change, pause, resume, cancel, retry."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from flask import Response, make_response
from pydantic import BaseModel, Field

from callbacks.web.api import actor, blueprint, db, needs, services, unit
from callbacks.web.paging import PageQuery, page, read_cursor
from data.missions import commands, reads, writes
from data.missions.inputs import MissionChange, NewMission
from data.missions.rules import Verb
from data.permissions import Permission

api = blueprint("missions", "Missions")

Status = Literal["queued", "running", "paused", "completed", "failed", "cancelled", "abnormal"]


class MissionPath(BaseModel):
    job_id: str = Field(min_length=1, max_length=128)


class ActionPath(MissionPath):
    verb: Verb


class MissionsQuery(PageQuery):
    status: Status | None = None


class Mission(BaseModel):
    """A crawl job. Percentages from 0 to 100, times in UTC."""

    job_id: str
    job_type: str
    status: Status
    target_url: str
    priority: int
    config: dict[str, Any]
    progress_percentage: float
    pages_crawled: int
    pages_queued: int
    links_found: int
    errors_count: int
    created_date: datetime
    start_time: datetime | None
    completed_time: datetime | None
    estimated_completion: datetime | None
    eta_low: datetime | None
    eta_high: datetime | None
    eta_note: str | None
    requeue_count: int
    message: str | None
    submitted_by: str
    last_fetched_at: datetime | None
    simulated: bool
    satellites: list[str]


class Missions(BaseModel):
    items: list[Mission]
    next_cursor: str | None


@api.post("/missions", summary="Submit a mission", responses={201: Mission})
@needs(Permission.MISSIONS_OPERATE)
def submit(body: NewMission) -> Response:
    job = commands.submit(
        services(), unit(), actor(), **body.model_dump(exclude={"config"}), config=body.config_values()
    )
    response = make_response(job, 201)
    response.headers["Location"] = f"/api/v1/missions/{job['job_id']}"
    return response


@api.get("/missions", summary="Missions, the newest first", responses={200: Missions})
@needs(Permission.MISSIONS_READ)
def missions(query: MissionsQuery) -> dict[str, Any]:
    after = read_cursor(query.cursor, datetime, str)
    items = reads.list_missions(db(), status=query.status, limit=query.limit + 1, after=after)
    return page(items, query.limit, "created_date", "job_id")


@api.get("/missions/<job_id>", summary="One mission", responses={200: Mission})
@needs(Permission.MISSIONS_READ)
def mission(path: MissionPath) -> dict[str, Any]:
    return reads.get_mission(db(), path.job_id)


@api.patch("/missions/<job_id>", summary="Another priority, other settings", responses={200: Mission})
@needs(Permission.MISSIONS_OPERATE)
def change(path: MissionPath, body: MissionChange) -> dict[str, Any]:
    writes.change(db(), actor(), path.job_id, priority=body.priority, config=body.config_values())
    return reads.get_mission(db(), path.job_id)


@api.post("/missions/<job_id>/<verb>", summary="Act on a mission", responses={200: Mission})
@needs(Permission.MISSIONS_OPERATE)
def act(path: ActionPath) -> dict[str, Any]:
    return commands.act(services(), unit(), actor(), path.job_id, path.verb)
