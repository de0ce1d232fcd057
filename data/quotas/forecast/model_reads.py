"""What decides between the two models of a forecast: curves that were fitted, scores, the share of urgent queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.quotas.forecast.reads import AccountKey

RENEWED_EVERY = timedelta(hours=1)  # while credits are spent
RENEWED_ANYWAY = timedelta(hours=6)
SHARE_OF = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class StoredCurve:
    """A curve of the library's, as `distribution.Curve` takes it."""

    made_at: datetime
    daily: tuple[float, ...]
    deviations: tuple[float, ...]
    width: float


def list_curves(connection: Connection) -> dict[AccountKey, StoredCurve]:
    """Of every account that the library is in use for."""
    rows = connection.execute(text("select * from api_forecast_curves"))
    return {
        (row.provider, row.simulated): StoredCurve(row.made_at, tuple(row.daily), tuple(row.deviations), row.width)
        for row in rows
    }


def list_stale_curves(connection: Connection, now: datetime) -> list[AccountKey]:
    """The accounts whose curve is an hour old, and that have spent since; or whose curve is old in any case."""
    rows = connection.execute(
        text("""
        select c.provider, c.simulated from api_forecast_curves c
        where c.made_at <= :anyway or (c.made_at <= :old and exists (
          select from rollup_api_usage_hourly u
          where u.provider = c.provider and u.simulated = c.simulated and u.credits > 0
            and u.hour >= date_trunc('hour', c.made_at, 'UTC')))"""),
        {"anyway": now - RENEWED_ANYWAY, "old": now - RENEWED_EVERY},
    )
    return [(row.provider, row.simulated) for row in rows]


def urgent_shares(connection: Connection, now: datetime) -> dict[AccountKey, float]:
    """Which part of the last four weeks' credits, 0 to 1, was asked for with priority high or critical."""
    rows = connection.execute(
        text("""
        select provider, simulated,
               (coalesce(sum(credits) filter (where priority in ('high', 'critical')), 0)
                / sum(credits))::float8 as share
        from api_usage where at > :since and at <= :now and credits > 0 group by provider, simulated"""),
        {"since": now - SHARE_OF, "now": now},
    )
    return {(row.provider, row.simulated): row.share for row in rows}


def saved_urgent_shares(connection: Connection) -> dict[AccountKey, float]:
    """The same, as it stood when the account was last back-tested."""
    rows = connection.execute(text("select provider, simulated, urgent from api_forecast_scores"))
    return {(row.provider, row.simulated): row.urgent for row in rows}


_TOLD = """
select p.provider, v.simulated, f.made_at, f.model, f.ends_at, f.spent, f.spent_low, f.spent_high, f.expected as asked,
       f.low as asked_low, f.high as asked_high, f.risk, f.dry_at, f.dry_early_at, f.dry_late_at, f.ordinary_dry_at,
       f.urgent_dry_at, f.burn_day, f.burn_week, f.clock, f.advice, to_jsonb(c) as back_test
from api_providers p cross join (values (false), (true)) v (simulated)
join lateral (select * from api_forecasts f where f.provider = p.provider and f.simulated = v.simulated
              order by hour desc limit 1) f on true
left join api_forecast_scores c on c.provider = p.provider and c.simulated = v.simulated
"""


def list_forecasts(connection: Connection) -> dict[AccountKey, dict[str, Any]]:
    """The last forecast of every account that has one, for programs: what is spent and what is asked for by `ends_at`,
    the dates, the model, and as `back_test` what forecasts of this account were worth (None: not judged yet)."""
    rows = connection.execute(text(_TOLD)).mappings()
    return {(row["provider"], row["simulated"]): dict(row) for row in rows}
