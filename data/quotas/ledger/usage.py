"""What the Quotas page shows: of every provider, the account that people look at (`api_shown_purses`)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.db import frame
from data.quotas.forecast.recommendations import NOTHING, Spending
from data.quotas.ledger.latency import EDGES_MS, percentile

if TYPE_CHECKING:
    from datetime import date, datetime

    import pandas as pd
    from sqlalchemy import Connection

_SHOWN = "from rollup_api_usage_daily d join api_shown_purses v using (provider, simulated)"
_STEPS = ", ".join(f"sum(d.latency_le[{place}])::float8 as le_{place}" for place in range(1, len(EDGES_MS) + 1))


def credits_by_day(connection: Connection, start: date, end: date) -> pd.DataFrame:
    """One row a day (UTC, both ends included) and provider that was asked, with day, provider, credits, saved, calls,
    cached, failed."""
    return frame(
        connection,
        f"""select d.day, d.provider, sum(d.credits)::float8 as credits, sum(d.saved)::float8 as saved,
                   sum(d.n)::bigint as calls, sum(d.n_cached)::bigint as cached, sum(d.n_failed)::bigint as failed
            {_SHOWN} where d.day between :start and :end group by d.day, d.provider order by d.day, d.provider""",
        start=start,
        end=end,
    )


def used_so_far(connection: Connection, provider: str, start: datetime, now: datetime) -> pd.DataFrame:
    """Credits used since the window began, summed up hour by hour, the newest hour ending now."""
    return frame(
        connection,
        """select least(h.hour + interval '1 hour', :now) as at,
                  sum(sum(h.credits)) over (order by h.hour)::float8 as used
           from rollup_api_usage_hourly h join api_shown_purses v using (provider, simulated)
           where h.provider = :provider and h.hour >= :start and h.hour <= :now group by h.hour order by h.hour""",
        provider=provider,
        start=start,
        now=now,
    )


def list_performance(connection: Connection, start: date, end: date) -> list[dict[str, Any]]:
    """Every provider in the range: calls, cached, failed, throttled, error_rate, credits, saved, mean_ms, p50, p95,
    p99; None where nothing was measured."""
    rows = connection.execute(
        text(f"""
        select p.provider, p.title, p.unit, u.* from api_providers p left join (
          select d.provider as asked, sum(d.n)::bigint as calls, sum(d.n_cached)::bigint as cached,
                 sum(d.n_ok)::bigint as answered, sum(d.n_failed)::bigint as failed,
                 sum(d.n_throttled)::bigint as throttled, sum(d.credits)::float8 as credits,
                 sum(d.saved)::float8 as saved, sum(d.n_latency)::bigint as n_latency,
                 sum(d.sum_latency)::float8 as sum_latency, max(d.max_latency) as longest, {_STEPS}
          {_SHOWN} where d.day between :start and :end group by d.provider) u on u.asked = p.provider
        order by p.position, p.provider"""),
        {"start": start, "end": end},
    ).mappings()
    return [_performed(dict(row)) for row in rows]


def _performed(row: dict[str, Any]) -> dict[str, Any]:
    asked = (row["answered"] or 0) + (row["failed"] or 0)
    n = row["n_latency"] or 0
    at_most = [row[f"le_{place}"] or 0.0 for place in range(1, len(EDGES_MS) + 1)]
    kept = ("provider", "title", "unit", "credits", "saved")
    return {name: row[name] for name in kept} | {
        "calls": row["calls"] or 0,
        "cached": row["cached"] or 0,
        "failed": row["failed"] or 0,
        "throttled": row["throttled"] or 0,
        "error_rate": row["failed"] / asked if asked else None,
        "mean_ms": row["sum_latency"] / n if n else None,
        **{f"p{share}": percentile(at_most, n, share / 100, longest=row["longest"]) for share in (50, 95, 99)},
    }


def list_spending(connection: Connection, now: datetime) -> list[Spending]:
    """The last thirty days and the last forecast of every provider that has one, for `savings`."""
    rows = connection.execute(
        text(f"""
        select p.provider, p.unit, p.query_types, p.cost, p.unit_price, f.state, f.quota::numeric,
               f.expected::numeric, f.high::numeric, f.reset_at, coalesce(u.calls, 0) as calls,
               coalesce(u.credits, 0) as credits
        from api_providers p
        join api_shown_purses v using (provider)
        join lateral (select * from api_forecasts f where f.provider = p.provider and f.simulated = v.simulated
                      order by hour desc limit 1) f on true
        left join (select d.provider as asked, sum(d.n_ok)::bigint as calls, sum(d.credits) as credits
                   {_SHOWN} where d.day > :since group by d.provider) u on u.asked = p.provider
        order by p.position, p.provider"""),
        {"since": (now - timedelta(days=30)).date()},
    ).mappings()
    return [_spent(dict(row)) for row in rows]


def _spent(row: dict[str, Any]) -> Spending:
    costs = [Decimal(str(row["cost"]["base"])), *(Decimal(str(rule["cost"])) for rule in row["cost"].get("rules", ()))]
    limited = row["quota"] is not None
    return Spending(
        provider=row["provider"],
        unit=row["unit"],
        query_types=tuple(row["query_types"]),
        state=row["state"],
        calls=row["calls"],
        credits=row["credits"],
        cheapest=min(costs),
        usual=costs[0],
        expected_over=max(NOTHING, row["expected"] - row["quota"]) if limited else NOTHING,
        room=row["quota"] - row["high"] if limited else None,
        ends=row["reset_at"],
        unit_price=row["unit_price"],
    )


def list_drills(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """The providers that are played dead now, with `drill_until`."""
    rows = connection.execute(
        text("select provider, title, drill_until from api_providers where drill_until > :now order by drill_until"),
        {"now": now},
    ).mappings()
    return [dict(row) for row in rows]
