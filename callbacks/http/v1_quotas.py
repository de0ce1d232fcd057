"""Paid APIs over REST: what is left, who would take a query and why, a call, a drill, the catalogue."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal, Self, cast
from uuid import UUID

from flask import current_app
from pydantic import BaseModel, ConfigDict, Field, model_validator

from callbacks.http.api import PageQuery, actor, blueprint, needs, read_cursor, services, write_cursor
from callbacks.http.guard import deny
from data import clock
from data.db import transaction
from data.errors import BadInput
from data.permissions import Permission
from data.quotas import calls, catalogue, commands, reads
from data.quotas.catalogue import QueryType
from data.quotas.desk import Desk, as_plain
from data.quotas.queries import AnyPriority, Priority, Query, checked
from data.sources.fields import Json

api = blueprint("quotas", "Quotas")

State = Literal["active", "cooldown", "exhausted", "disabled", "retired"]


class ProviderPath(BaseModel):
    provider: str = Field(min_length=1, max_length=40)


class CostRule(BaseModel):
    when: dict[str, Any]
    cost: float


class Cost(BaseModel):
    base: float
    rules: list[CostRule]


class Quota(BaseModel):
    """A provider's record and how its purse stands; amounts in its unit, times in UTC."""

    provider: str
    title: str
    unit: str
    quota: float | None
    window: str
    reset: str
    reset_day: int | None
    cost: Cost
    billed_on: str
    truth: str
    query_types: list[str]
    quality: float
    cache_seconds: int
    concurrency: int
    per_second: float | None
    timeout_s: float
    unit_price: float | None
    configured: str
    state: State
    state_reason: str | None
    until: datetime | None
    drill_until: datetime | None
    has_key: bool
    simulated: bool
    window_start: datetime
    resets_at: datetime | None
    used: float
    reserved: float
    unmetered: float
    remaining: float | None
    used_today: float
    ration: float | None
    success: float
    latency_ms: float | None


class Quotas(BaseModel):
    items: list[Quota]
    next_cursor: None = None


class QuotasQuery(BaseModel):
    simulated: bool | None = Field(None, description="the simulator's purses, or the real ones; else those in use")


class Edit(BaseModel):
    """Fields to change, a record each; or a whole document of the catalogue's form."""

    model_config = ConfigDict(extra="forbid")

    providers: list[Json] = Field(default_factory=list, max_length=100)
    document: str | None = Field(None, max_length=65_536, description="the catalogue as YAML")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if bool(self.providers) == (self.document is not None):
            raise ValueError("give providers, or a document")
        return self


class Routing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    query_type: QueryType
    priority: AnyPriority = "normal"
    params: dict[str, Any] = Field(default_factory=dict, max_length=20)
    dry_run: bool = False
    down: list[str] = Field(default_factory=list, max_length=20, description="providers to think away")


class Candidate(BaseModel):
    provider: str
    score: float
    parts: dict[str, float]
    cost: float
    remaining: float | None
    ration: float | None
    latency_ms: float | None
    refused: str | None
    until: datetime | None


class Route(BaseModel):
    decision_id: str | None
    provider: str
    reason: str
    query_type: str
    priority: Priority
    dry_run: bool
    candidates: list[Candidate]


class CallBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    query_type: QueryType
    priority: AnyPriority = "normal"
    params: dict[str, Any] = Field(default_factory=dict, max_length=20)
    max_age_s: int | None = Field(None, ge=0, le=366 * 86_400, description="how old a cached answer may be")


class Attempt(BaseModel):
    provider: str
    outcome: str
    reason: str
    status_code: int | None = None
    latency_ms: float | None = None


class Called(BaseModel):
    decision_id: str
    provider: str
    query_type: str
    priority: Priority
    found: bool
    answer: dict[str, Any] | None
    cached: bool
    stale: bool
    last_fetched_at: datetime
    credits: float
    saved: float
    reason: str
    attempts: list[Attempt]
    simulated: bool


class DrillBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    minutes: float = Field(commands.DRILL_MINUTES, ge=0, le=120, allow_inf_nan=False, description="0 ends a drill")


class Drill(BaseModel):
    provider: str
    until: datetime | None


class Decision(BaseModel):
    decision_id: str
    at: datetime
    query_type: str
    priority: Priority
    provider: str | None
    outcome: Literal["routed", "calling", "answered", "cached", "refused"]
    sentence: str
    candidates: list[Candidate]
    attempts: list[Attempt]
    credits: float
    asked_by: str
    simulated: bool


class Decisions(BaseModel):
    items: list[Decision]
    next_cursor: str | None


class CatalogueText(BaseModel):
    document: str


def desk() -> Desk:
    return cast("Desk", current_app.extensions["quotas"])


@api.get("/quotas", summary="Every provider: allowance, use, state", responses={200: Quotas})
@needs(Permission.QUOTAS_READ)
def quotas(query: QuotasQuery) -> dict[str, Any]:
    return {"items": _standings(query.simulated), "next_cursor": None}


def _standings(simulated: bool | None) -> list[dict[str, Any]]:  # noqa: FBT001 — a filter of three values
    now = clock.now()
    if simulated is None and not actor().simulated:
        pairs = zip(desk().purses(simulated=False, fresh=True), desk().purses(simulated=True, fresh=True), strict=True)
        found = [reads.shown(real, played) for real, played in pairs]
    else:
        found = desk().purses(simulated=True if simulated is None else simulated, fresh=True)
    return [_numbers(reads.standing(purse, now)) for purse in found]


@api.put("/quotas", summary="Edit providers' records", responses={200: Quotas})
@needs(Permission.QUOTAS_MANAGE)
def edit(body: Edit) -> dict[str, Any]:
    commands.edit(services(), actor(), changes=body.providers, document=body.document)
    return {"items": _standings(None), "next_cursor": None}


@api.get("/quotas/catalogue", summary="The catalogue as YAML", responses={200: CatalogueText})
@needs(Permission.QUOTAS_READ)
def catalogue_text() -> dict[str, str]:
    with transaction(services().engine) as connection:
        return {"document": catalogue.as_yaml(catalogue.load(connection))}


@api.post("/quotas/route", summary="Who would take a query, and why", responses={200: Route})
@needs(Permission.QUOTAS_READ)
def route(body: Routing) -> dict[str, Any]:
    if not body.dry_run and not actor().may(Permission.QUOTAS_CALL):
        raise deny(Permission.QUOTAS_CALL)
    query = checked(body.query_type, body.params) if body.params else Query(body.query_type, {})
    decision = desk().route(actor(), query, body.priority, down=frozenset(body.down), store=not body.dry_run)
    plain = as_plain(decision, dry_run=body.dry_run)
    if plain["provider"] is None:
        raise calls.refusal(decision, clock.now())
    return plain


@api.post("/quotas/call", summary="Ask a paid API", responses={200: Called})
@needs(Permission.QUOTAS_CALL)
def call(body: CallBody) -> dict[str, Any]:
    max_age = None if body.max_age_s is None else timedelta(seconds=body.max_age_s)
    query = checked(body.query_type, body.params)
    return calls.call(desk(), actor(), query, body.priority, max_age=max_age)


@api.post("/quotas/<provider>/drill", summary="Play a provider dead for some minutes", responses={200: Drill})
@needs(Permission.QUOTAS_CALL)
def drill(path: ProviderPath, body: DrillBody) -> dict[str, Any]:
    return {"provider": path.provider, "until": commands.drill(services(), actor(), path.provider, body.minutes)}


@api.get("/quotas/decisions", summary="The routing log, the newest first", responses={200: Decisions})
@needs(Permission.QUOTAS_READ)
def decisions(query: PageQuery) -> dict[str, Any]:
    after = _after(query.cursor)
    with transaction(services().engine) as connection:
        items = [_numbers(each) for each in reads.decisions(connection, limit=query.limit + 1, after=after)]
    more, items = len(items) > query.limit, items[: query.limit]
    cursor = write_cursor(items[-1]["at"].isoformat(), items[-1]["decision_id"]) if more else None
    return {"items": items, "next_cursor": cursor}


def _after(cursor: str | None) -> tuple[datetime, str] | None:
    key = read_cursor(cursor, str, str)
    if key is None:
        return None
    try:
        return datetime.fromisoformat(key[0]), str(UUID(key[1]))
    except ValueError:
        raise BadInput.field("cursor", msg="is not one that this list gave out") from None


def _numbers(values: Any) -> Any:  # noqa: ANN401 — a record, or what one of its fields holds
    """Amounts as JSON numbers: they have two decimals at most, and stay exact."""
    if isinstance(values, Decimal):
        return float(values)
    if isinstance(values, dict):
        return {name: _numbers(value) for name, value in values.items()}
    return [_numbers(value) for value in values] if isinstance(values, list | tuple) else values
