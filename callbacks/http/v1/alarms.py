"""Failed missions and signals of links are taken on where they stand; the alerts about a mission with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from callbacks.web.api import actor, blueprint, db, needs
from data import clock
from data.alerts import writes
from data.live import acknowledgements
from data.live.acknowledgements import Kind
from data.permissions import Permission

api = blueprint("alarms", "Alarms")


class AlarmPath(BaseModel):
    kind: Kind
    ref: str = Field(min_length=1, max_length=60, description="The mission's or the signal's id")


class Acknowledged(BaseModel):
    kind: Kind
    ref: str
    by: str
    at: datetime


@api.post("/alarms/<kind>/<ref>/ack", summary="Take an alarm on", responses={200: Acknowledged})
@needs(Permission.MISSIONS_OPERATE)
def acknowledge(path: AlarmPath) -> dict[str, Any]:
    """The first who takes an alarm on stands; whoever comes later is told who that was."""
    by, at = acknowledgements.acknowledge(db(), actor(), path.kind, path.ref)
    if path.kind == "mission":
        writes.acknowledge_about(db(), actor(), "job", path.ref, clock.now())
    return {"kind": path.kind, "ref": path.ref, "by": by, "at": at}
