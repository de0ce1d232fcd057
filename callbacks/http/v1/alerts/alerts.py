"""Alerts over REST: lists, one with its timeline, and what people do about them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from callbacks.web.api import actor, blueprint, db, needs
from callbacks.web.paging import PageQuery, page, read_cursor
from data import clock
from data.alerts import reads, writes
from data.alerts.rule import Severity
from data.alerts.transition import State
from data.permissions import Permission

api = blueprint("alerts", "Alerts")


class AlertAction(BaseModel):
    label: str
    action: str | None = None
    href: str | None = None


class Alert(BaseModel):
    """An alert of a rule and a set of labels; `group` is what it is told with. It fires since `fired_at`, and its
    condition holds since `started_at`; `last_evaluated_at` is a minute old at most."""

    id: int
    rule: str
    severity: Severity
    state: State
    labels: dict[str, str]
    fingerprint: str
    group: str
    value: float | None
    message: str
    actions: list[AlertAction]
    started_at: datetime
    fired_at: datetime | None
    resolved_at: datetime | None
    resolved_by: str | None
    last_evaluated_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    simulated: bool


class Alerts(BaseModel):
    items: list[Alert]
    next_cursor: str | None


class Event(BaseModel):
    """`kind` is a state that the alert came into, or what somebody did to it; `by` whom."""

    at: datetime
    kind: str
    by: str
    detail: dict[str, Any]


class AlertWithTimeline(Alert):
    timeline: list[Event]


class AlertsQuery(PageQuery):
    state: State | None = Field(None, description="in this state now")
    severity: Severity | None = None
    rule: str | None = Field(None, max_length=100)
    group: str | None = Field(None, max_length=500)
    open: bool = Field(False, description="only those that are not over, and no longer pending")


class AlertPath(BaseModel):
    id: int = Field(ge=1, lt=2**63)


class Hand(BaseModel):
    group: bool = Field(False, description="all that are open of its group")


class Handled(BaseModel):
    """`alerts` are all that were taken in hand; the first is the one that was asked for, or stands for its group."""

    id: int
    state: State
    by: str
    at: datetime
    alerts: list[int]


@api.get("/alerts", summary="Alerts, the newest first", responses={200: Alerts})
@needs(Permission.ALERTS_READ)
def alerts(query: AlertsQuery) -> dict[str, Any]:
    after = read_cursor(query.cursor, int)
    items = reads.alerts(
        db(),
        limit=query.limit + 1,
        before=after[0] if after else None,
        state=query.state,
        severity=query.severity,
        rule=query.rule,
        group=query.group,
        open_only=query.open,
    )
    return page(items, query.limit, "id")


@api.get("/alerts/<id>", summary="An alert with its timeline", responses={200: AlertWithTimeline})
@needs(Permission.ALERTS_READ)
def alert(path: AlertPath) -> dict[str, Any]:
    return reads.alert(db(), path.id) | {"timeline": reads.timeline(db(), path.id)}


@api.post("/alerts/<id>/ack", summary="Take an alert on", responses={200: Handled})
@needs(Permission.ALERTS_OPERATE)
def acknowledge(path: AlertPath, query: Hand) -> dict[str, Any]:
    """The first who takes an alert on stands; whoever comes later is told who that was."""
    return _handled(path.id, writes.acknowledge(db(), actor(), path.id, clock.now(), group=query.group))


@api.post("/alerts/<id>/resolve", summary="Call an alert over", responses={200: Handled})
@needs(Permission.ALERTS_OPERATE)
def resolve(path: AlertPath, query: Hand) -> dict[str, Any]:
    """It stays quiet while its condition goes on to hold, and comes again when that held anew."""
    return _handled(path.id, writes.resolve(db(), actor(), path.id, clock.now(), group=query.group))


def _handled(alert_id: int, done: list[writes.Handled]) -> dict[str, Any]:
    first = next((each for each in done if each.alert_id == alert_id), done[0])
    told = {"id": first.alert_id, "state": first.state, "by": first.by, "at": first.at}
    return told | {"alerts": [each.alert_id for each in done]}
