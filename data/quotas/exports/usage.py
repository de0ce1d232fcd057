"""What can be exported about paid APIs: how they stand, what was spent a day, why which one was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.db import frame
from data.exports import MARK, Column, Dataset, NoFilters
from data.permissions import Permission

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import ExportRequest


class ProviderFilter(NoFilters):
    provider: str | None = None


_DAILY: dict[str, Column] = {
    "day": Column("Day", "day"),
    "provider": Column("Provider"),
    "query_type": Column("Query type"),
    "calls": Column("Calls", "integer"),
    "answered": Column("Answered", "integer"),
    "cached": Column("From cache", "integer"),
    "failed": Column("Failed", "integer"),
    "throttled": Column("Throttled", "integer"),
    "credits": Column("Credits", "number"),
    "saved": Column("Credits saved", "number"),
    "mean_latency_ms": Column("Mean latency, ms", "number"),
    "simulated": MARK,
}
_DECISIONS: dict[str, Column] = {
    "at": Column("When", "moment"),
    "decision_id": Column("Decision"),
    "query_type": Column("Query type"),
    "priority": Column("Priority"),
    "provider": Column("Provider"),
    "outcome": Column("Outcome"),
    "credits": Column("Credits", "number"),
    "sentence": Column("Why"),
    "asked_by": Column("Asked by"),
    "simulated": MARK,
}


def of_provider(connection: Connection, request: ExportRequest, sql: str, *, days: bool = False) -> pd.DataFrame:
    """Rows of `sql` for `:start`, `:end` (moments; or days), `:provider` (None is every one) and `:limit`."""
    start, end = request.span.days if days else (request.start, request.end)
    named = request.filters_as(ProviderFilter).provider
    return frame(connection, sql, start=start, end=end, provider=named, limit=request.limit)


def _daily(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return of_provider(
        connection,
        request,
        """select day, provider, query_type, n as calls, n_ok as answered, n_cached as cached, n_failed as failed,
             n_throttled as throttled, credits::float8 as credits, saved::float8 as saved,
             sum_latency / nullif(n_latency, 0) as mean_latency_ms, simulated
           from rollup_api_usage_daily
           where day between :start and :end and (cast(:provider as text) is null or provider = :provider)
           order by day desc, provider, query_type limit :limit""",
        days=True,
    )


def _decisions(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return of_provider(
        connection,
        request,
        """select at, decision_id::text as decision_id, query_type, priority, provider, outcome,
             credits::float8 as credits, sentence, asked_by, simulated
           from api_decisions
           where at >= :start and at < :end and (cast(:provider as text) is null or provider = :provider)
           order by at desc, decision_id limit :limit""",
    )


_READ = Permission.QUOTAS_READ
DATASETS = (
    Dataset("api_usage_daily", "Calls of paid APIs a day", _READ, _DAILY, _daily, ProviderFilter, daily=True),
    Dataset("api_decisions", "Why which paid API was asked", _READ, _DECISIONS, _decisions, ProviderFilter),
)
