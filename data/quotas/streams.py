"""The stream of metered calls: of other programs that use the same accounts, and of the past."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from data.fields import Column, Moment, Number, Row, Word, stored
from data.ingest.stream import Stream
from data.quotas.catalogue.records import QueryType, default_providers
from data.quotas.providers import outcomes

Outcome = Literal[outcomes.Outcome, "cached", "abandoned"]
Credits = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2, allow_inf_nan=False)]


def _known(value: str) -> str:
    names = [each.provider for each in default_providers()]
    if value not in names:
        raise ValueError(f"is none of {', '.join(names)}")
    return value


class ApiUsageRow(Row):
    """A call of a paid API: what it cost in the provider's unit, how long it took (ms), what came of it."""

    provider: Annotated[Word, AfterValidator(_known)]
    query_type: QueryType
    at: Moment = Field(default_factory=lambda: datetime.now(UTC))
    credits: Credits = Decimal(0)
    saved: Credits = Decimal(0)
    latency_ms: Number | None = None
    outcome: Outcome = "ok"
    status_code: Annotated[int, Field(ge=100, le=599), Column("smallint")] | None = None
    priority: Literal["low", "normal", "high", "critical"] = "normal"
    last_fetched_at: Moment | None = None

    @model_validator(mode="after")
    def _cached_costs_nothing(self) -> Self:
        if self.outcome == "cached" and self.credits:
            raise ValueError("what the cache answered costs no credits")
        self.last_fetched_at = self.last_fetched_at or self.at
        return self

    @stored
    def cached(self) -> bool:
        return self.outcome == "cached"


API_USAGE = Stream(
    "quotas",
    "api_usage",
    ApiUsageRow,
    insert_script="api_usage_put_v01",
)

STREAMS = (API_USAGE,)
