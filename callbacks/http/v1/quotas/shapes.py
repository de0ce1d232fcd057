"""What the REST endpoints of paid APIs take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from data.fields import Json
from data.quotas.catalogue import writes
from data.quotas.catalogue.records import QueryType
from data.quotas.routing.queries import AnyPriority, Priority

State = Literal["active", "cooldown", "exhausted", "disabled", "retired"]


class ProviderPath(BaseModel):
    provider: str = Field(min_length=1, max_length=40)


class CostRule(BaseModel):
    when: dict[str, Any]
    cost: float


class Cost(BaseModel):
    base: float
    rules: list[CostRule]


class BackTest(BaseModel):
    """What forecasts of this account were worth: `trials`, `coverage` and errors of the model in use, beside the
    straight line; of both models on the days that both forecast. Errors are shares of what was spent by the period's
    end."""

    trials: int
    coverage: float | None
    error: float | None
    line_error: float | None
    simple_coverage: float | None
    simple_error: float | None
    library_trials: int
    library_coverage: float | None
    library_error: float | None
    urgent: float
    scored_at: datetime


class Forecast(BaseModel):
    """What is spent by `ends_at`, limit and reserve known, and what is asked for, with 80 % intervals; when it is dry
    at this rate, when ordinary queries end and when urgent ones do (null: not before the reset)."""

    made_at: datetime
    model: Literal["simple", "library"]
    ends_at: datetime
    spent: float | None
    spent_low: float | None
    spent_high: float | None
    asked: float
    asked_low: float
    asked_high: float
    risk: float | None
    dry_at: datetime | None
    dry_early_at: datetime | None
    dry_late_at: datetime | None
    ordinary_dry_at: datetime | None
    urgent_dry_at: datetime | None
    burn_day: float
    burn_week: float
    clock: str
    advice: str
    back_test: BackTest | None


class Quota(BaseModel):
    """A provider's record and how its account stands; amounts in its unit, times in UTC."""

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
    forecast: Forecast | None


class Quotas(BaseModel):
    items: list[Quota]
    next_cursor: None = None


class QuotasQuery(BaseModel):
    simulated: bool | None = Field(None, description="the simulator's accounts, or the real ones; else those in use")


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


class Fields(BaseModel):
    """The fields of a provider's record that are to change, by the names of the catalogue."""

    model_config = ConfigDict(extra="allow")


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

    minutes: float = Field(writes.DRILL_MINUTES, ge=0, le=120, allow_inf_nan=False, description="0 ends a drill")


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
