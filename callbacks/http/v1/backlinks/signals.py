"""Signals of the links over REST, and how far past suspicions could be trusted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import BaseModel, Field

from callbacks.web.api import blueprint, needs, reading
from data import clock
from data.backlinks.checks import rules
from data.backlinks.signals import reads
from data.permissions import Permission

api = blueprint("signals", "Backlinks")

Kind = Literal[
    "high_authority_link",
    "lost_high_authority_link",
    "competitor_surge",
    "own_surge",
    "spam_influx",
    "index_update",
]


class SignalsQuery(BaseModel):
    kind: Kind | None = None
    days: int = Field(7, ge=1, le=365)
    limit: int = Field(100, ge=1, le=500)


class Signal(BaseModel):
    id: str
    kind: Kind
    target: str
    at: datetime
    day: date
    severity: Literal["critical", "warning", "info"]
    score: float | None
    title: str
    detail: str
    evidence: dict[str, Any]
    simulated: bool


class Signals(BaseModel):
    items: list[Signal]


class PrecisionQuery(BaseModel):
    days: int = Field(60, ge=1, le=3650)


class Precision(BaseModel):
    """Of the suspicions that were settled, how many links were lost, and how many were there after all."""

    confirmed: int
    cleared: int
    precision: float | None


@api.get("/backlinks/signals", summary="What is out of the ordinary, with its evidence", responses={200: Signals})
@needs(Permission.BACKLINKS_READ)
def signals(query: SignalsQuery) -> dict[str, Any]:
    since = clock.now() - timedelta(days=query.days)
    with reading() as connection:
        return {"items": reads.list_signals(connection, since, query.limit, query.kind)}


@api.get("/backlinks/precision", summary="How often a suspicion was right", responses={200: Precision})
@needs(Permission.BACKLINKS_READ)
def precision(query: PrecisionQuery) -> dict[str, Any]:
    since = clock.now() - timedelta(days=query.days)
    with reading() as connection:
        confirmed, cleared = reads.count_precision(connection, since)
    share = rules.precision(confirmed, cleared)
    return {"confirmed": confirmed, "cleared": cleared, "precision": share}
