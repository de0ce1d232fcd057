"""Escalations over REST: policies, schedules of who is on call, and what explains what."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from callbacks.web.api import actor, blueprint, db, needs
from data import clock
from data.alerts.delivery import plans
from data.alerts.delivery.escalation import Policy
from data.alerts.delivery.matching import Matcher
from data.alerts.delivery.oncall import Schedule
from data.alerts.delivery.plans import Dependency, Plans
from data.permissions import Permission

api = blueprint("escalations", "Escalations")


class Turn(BaseModel):
    person: str | None
    starts_at: datetime
    ends_at: datetime


class Gap(BaseModel):
    starts_at: datetime
    ends_at: datetime


class OnCall(Schedule):
    """With who has it now, who is next, and the week to come; a person of null is a gap."""

    now: str | None
    next: str | None
    next_at: datetime | None
    week: list[Turn]
    gaps: list[Gap]


class Underway(BaseModel):
    alert_id: int
    name: str
    step: int
    round: int
    due_at: datetime
    rule: str
    severity: str
    message: str


class Escalations(BaseModel):
    policies: list[Policy]
    schedules: list[OnCall]
    underway: list[Underway]


class Cause(BaseModel):
    name: str
    kind: Literal["dependency", "inhibit"]
    source: list[Matcher]
    target: list[Matcher]
    equal: list[str]


class Causes(BaseModel):
    items: list[Cause]
    next_cursor: None = None


class NewCauses(BaseModel):
    model_config = ConfigDict(extra="forbid")

    items: list[Dependency] = Field(max_length=200)


@api.get("/escalations", summary="Policies, schedules, and what is under way", responses={200: Escalations})
@needs(Permission.ALERTS_READ)
def escalations() -> dict[str, Any]:
    return plans.to_dict(db(), clock.now())


@api.put("/escalations", summary="Replace policies and schedules", responses={200: Escalations})
@needs(Permission.ALERTS_MANAGE)
def replace(body: Plans) -> dict[str, Any]:
    """All of them at once, or none. An escalation under way goes on by the policy that it began with."""
    plans.replace(db(), actor(), body)
    return plans.to_dict(db(), clock.now())


@api.get("/alert-dependencies", summary="What explains what", responses={200: Causes})
@needs(Permission.ALERTS_READ)
def dependencies() -> dict[str, Any]:
    return {"items": plans.list_dependencies(db()), "next_cursor": None}


@api.put("/alert-dependencies", summary="Replace what explains what", responses={200: Causes})
@needs(Permission.ALERTS_MANAGE)
def replace_dependencies(body: NewCauses) -> dict[str, Any]:
    """While a source fires, targets with the same values of the labels `equal` are held back; their ends never are."""
    plans.replace_dependencies(db(), actor(), body.items)
    return {"items": plans.list_dependencies(db()), "next_cursor": None}
