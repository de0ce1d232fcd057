"""Paid APIs: what they cost, what is left, which of them a query goes to."""

from __future__ import annotations

from data.area import Area, Chart, Finder, Number, Table, View
from data.permissions import Permission

QUOTAS = Area(
    "quotas",
    "Quotas",
    "/quotas",
    rollups=(View("quotas", "rollup_api_usage_hourly", 1),),
    tables=(
        Table("api_usage", partitioned=True, simulated=True, counted=True, emptied="api_usage"),
        Table("api_reservations", simulated=True),
        Table("api_quota_state", simulated=True),
        Table("api_cache", simulated=True, expires="kept_until < now()"),
        Table("api_decisions", simulated=True, expires="at < now() - make_interval(days => :history)"),
        Table("api_state_changes", simulated=True, expires="at < now() - make_interval(days => :metrics)"),
        Table("rollup_api_usage_hourly", simulated=True),
        Table("rollup_api_usage_daily", simulated=True),
    ),
    finders=(
        Finder(
            "provider",
            Permission.QUOTAS_READ,
            "/quotas",
            """select provider as key, title, provider || ' · ' || state as detail from api_providers
               where provider ilike :like or title ilike :like order by position limit :each""",
        ),
    ),
    numbers=(
        Number("quotas_short", "APIs running short", "quota_counts.short", status="quotas", href="/quotas"),
        Number("providers", "API providers", "quota_counts.providers", worse="below", status="quotas", href="/quotas"),
    ),
    charts=(Chart("credits_by_day", "Credits by day", "credits a day by provider", None, Permission.QUOTAS_READ),),
    every={"return_credits": 5, "make_forecasts": 60, "score_forecasts": 120, "check_ledgers": 60},
)
