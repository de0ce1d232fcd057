"""Silences over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from flask import Response, make_response
from pydantic import BaseModel, ConfigDict, Field

from callbacks.web.api import actor, blueprint, db, needs
from callbacks.web.paging import PageQuery, page, read_cursor
from data import clock
from data.alerts.delivery import reads
from data.alerts.delivery import silences as alert_silences
from data.alerts.delivery.matching import Matcher
from data.alerts.delivery.silences import Matchers, NewSilence, Span
from data.permissions import Permission

api = blueprint("silences", "Silences")


class SilencePath(BaseModel):
    silence_id: int = Field(ge=1, le=2**63 - 1)


class AlertNumberPath(BaseModel):
    alert_id: int = Field(ge=1, le=2**63 - 1)


class SilencesQuery(PageQuery):
    ended: bool = Field(default=False, description="those that have ended as well")


class Silence(BaseModel):
    id: int
    matchers: list[Matcher]
    reason: str
    starts_at: datetime
    ends_at: datetime
    state: Literal["waiting", "active", "ended"]
    created_by: str
    created_at: datetime


class Notification(BaseModel):
    """`stages` are pairs of a stage and its reason; `error` is why its message has not arrived."""

    id: int
    channel: str
    kind: str
    state: Literal["queued", "held", "composed", "sent", "muted", "failed"]
    reason: str
    route_reason: str
    stages: list[list[str]]
    created_at: datetime
    at: datetime
    attempts: int | None
    error: str | None


class Notifications(BaseModel):
    items: list[Notification]
    next_cursor: None = None


class Silences(BaseModel):
    items: list[Silence]
    next_cursor: str | None


class Preview(BaseModel):
    model_config = ConfigDict(extra="forbid")

    matchers: Matchers


class Muted(BaseModel):
    alert_id: int
    rule: str
    severity: str
    labels: dict[str, str]
    message: str
    state: str
    started_at: datetime | None


class Previewed(BaseModel):
    """What would be mute now, and what would have been in the last seven days."""

    now: list[Muted]
    now_count: int
    week_count: int
    week_messages: int


@api.get("/alerts/<alert_id>/notifications", summary="Who was told of an alert", responses={200: Notifications})
@needs(Permission.ALERTS_READ)
def notifications(path: AlertNumberPath) -> dict[str, Any]:
    """Or why not: each with the reasons of the stages that it passed."""
    return {"items": reads.list_notifications(db(), path.alert_id), "next_cursor": None}


@api.get("/silences", summary="Silences, the newest first", responses={200: Silences})
@needs(Permission.ALERTS_READ)
def silences(query: SilencesQuery) -> dict[str, Any]:
    after = read_cursor(query.cursor, int)
    items = alert_silences.list_silences(db(), ended=query.ended, limit=query.limit + 1, after=after)
    return page(items, query.limit, "id")


@api.post("/silences", summary="Silence what matches", responses={201: Silence})
@needs(Permission.ALERTS_OPERATE)
def create(body: NewSilence) -> Response:
    return make_response(alert_silences.create(db(), actor(), body), 201)


@api.post("/silences/preview", summary="What a silence would mute", responses={200: Previewed})
@needs(Permission.ALERTS_READ)
def preview(body: Preview) -> dict[str, Any]:
    return alert_silences.preview(db(), body.matchers, clock.now())


@api.delete("/silences/<silence_id>", summary="End a silence", responses={204: None})
@needs(Permission.ALERTS_OPERATE)
def end_silence(path: SilencePath) -> Response:
    """What still fires is told at once."""
    alert_silences.end_silence(db(), actor(), path.silence_id)
    return make_response("", 204)


@api.post("/alerts/<alert_id>/silence", summary="Silence an alert", responses={201: Silence})
@needs(Permission.ALERTS_OPERATE)
def silence_alert(path: AlertNumberPath, body: Span) -> Response:
    """It and its recurrences: its rule with its labels."""
    return make_response(alert_silences.silence_alert(db(), actor(), path.alert_id, body), 201)
