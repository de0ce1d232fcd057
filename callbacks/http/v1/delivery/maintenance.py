"""Maintenance windows over REST, and as a calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from flask import Response, make_response
from pydantic import BaseModel, ConfigDict, Field

from callbacks.web.api import actor, blueprint, db, needs
from data.alerts.delivery import maintenance as windows
from data.alerts.delivery.maintenance import NewWindow
from data.alerts.delivery.matching import Matcher
from data.alerts.delivery.records import Zone
from data.alerts.delivery.silences import Matchers
from data.permissions import Permission

api = blueprint("maintenance", "Maintenance windows")


class WindowPath(BaseModel):
    window_id: int = Field(ge=1, le=2**63 - 1)


class Opening(BaseModel):
    starts_at: datetime
    ends_at: datetime


class Window(BaseModel):
    """`starts` is the wall's time in `zone`; `coming` are the next openings in UTC."""

    id: int
    title: str
    matchers: list[Matcher]
    starts: datetime
    minutes: int
    rrule: str | None
    zone: str
    created_by: str
    open_until: datetime | None
    coming: list[Opening]


class Windows(BaseModel):
    items: list[Window]
    next_cursor: None = None


class Import(BaseModel):
    """A calendar whose events become windows for these alerts; `zone` is that of times that name none."""

    model_config = ConfigDict(extra="forbid")

    calendar: str = Field(min_length=1, max_length=500_000)
    matchers: Matchers
    zone: Zone = "UTC"


@api.get("/maintenance-windows", summary="Maintenance windows", responses={200: Windows})
@needs(Permission.ALERTS_READ)
def maintenance_windows() -> dict[str, Any]:
    return {"items": windows.list_windows(db()), "next_cursor": None}


@api.post("/maintenance-windows", summary="Plan a maintenance window", responses={201: Window})
@needs(Permission.ALERTS_OPERATE)
def create(body: NewWindow) -> Response:
    return make_response(windows.create(db(), actor(), body), 201)


@api.delete("/maintenance-windows/<window_id>", summary="Delete a maintenance window", responses={204: None})
@needs(Permission.ALERTS_OPERATE)
def delete(path: WindowPath) -> Response:
    windows.delete(db(), actor(), path.window_id)
    return make_response("", 204)


_CALENDAR = {"content": {"text/calendar": {"schema": {"type": "string"}}}}


@api.get("/maintenance-windows/calendar", summary="The windows as iCalendar", responses=cast("Any", {200: _CALENDAR}))
@needs(Permission.ALERTS_READ)
def calendar() -> Response:
    response = make_response(windows.as_calendar(db()))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="mission-control_maintenance.ics"'
    return response


@api.post("/maintenance-windows/import", summary="Windows from an iCalendar", responses={201: Windows})
@needs(Permission.ALERTS_OPERATE)
def import_calendar(body: Import) -> Response:
    """All of its events, or none."""
    parsed = windows.parse_calendar(body.calendar, body.matchers, body.zone)
    created = [windows.create(db(), actor(), each) for each in parsed]
    return make_response({"items": created, "next_cursor": None}, 201)
