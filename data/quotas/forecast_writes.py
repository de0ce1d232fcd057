"""Forecasts, their scores and checks against the providers' own numbers, stored."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.clock import epoch_ms
from data.quotas import forecast_words as words
from data.quotas import reconcile

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.quotas.choices import Purse
    from data.quotas.forecast import Forecast, Quota
    from data.quotas.forecast_backtest import Kind

KEPT = timedelta(days=90)


def save_forecast(
    connection: Connection,
    purse: tuple[str, bool],
    quota: Quota,
    made: Forecast,
    now: datetime,
    *,
    reason: str | None,
    model: Kind,
) -> None:
    """The hour's forecast of a purse: the newest replaces what the same hour said before."""
    values = {
        "provider": purse[0],
        "simulated": purse[1],
        "hour": now.replace(minute=0, second=0, microsecond=0),
        "made_at": now,
        "state": quota.state,
        "reason": reason,
        "model": model,
        "quota_window": quota.window,
        "reset_at": quota.reset,
        "used": quota.used,
        "quota": quota.limit,
        "status": words.status(quota, made),
        "note": words.note(quota, made),
        "clock": words.clock(quota, made, now),
        "advice": words.advice(quota, made, now),
        **_figures(made),
    }
    names = list(values)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("provider", "simulated", "hour"))
    connection.execute(
        text(f"""insert into api_forecasts ({", ".join(names)})
                 values ({", ".join(f"cast(:{name} as jsonb)" if name == "path" else f":{name}" for name in names)})
                 on conflict (provider, simulated, hour) do update set {changes}"""),
        values,
    )


def _figures(made: Forecast) -> dict[str, Any]:
    path = [
        {"at": epoch_ms(point.at), "expected": point.expected, "low": point.low, "high": point.high}
        for point in made.path
    ]
    return {
        "ends_at": made.ends,
        "expected": made.expected,
        "low": made.low,
        "high": made.high,
        "spent": made.spent,
        "spent_low": made.spent_low,
        "spent_high": made.spent_high,
        "ordinary_dry_at": made.ordinary_dry,
        "urgent_dry_at": made.urgent_dry,
        "risk": made.risk,
        "dry_at": made.dry,
        "dry_early_at": made.dry_early,
        "dry_late_at": made.dry_late,
        "ration": made.ration,
        "burn_day": made.burn_day,
        "burn_week": made.burn_week,
        "path": orjson.dumps(path).decode(),
    }


def unscored(connection: Connection, purses: list[tuple[str, bool]], before: datetime) -> list[tuple[str, bool]]:
    """Those whose score is older than `before`, or missing."""
    rows = connection.execute(
        text("select provider, simulated from api_forecast_scores where scored_at >= :before"), {"before": before}
    )
    fresh = {(row.provider, row.simulated) for row in rows}
    return [purse for purse in purses if purse not in fresh]


def save_check(connection: Connection, purse: Purse, told: dict[str, Any], now: datetime) -> None:
    """One check; `told` as `forecast_reads.reported` gives it, `reported` None where the provider did not answer."""
    found = told["reported"]
    drift = None if found is None else reconcile.drift(told["ledger"], told["in_flight"], found)
    connection.execute(
        text("""insert into api_reconciliations
                  (provider, simulated, checked_at, source, ledger, reported, drift, alarm, reason)
                values (:provider, :simulated, :now, :source, :ledger, :reported, :drift, :alarm, :reason)"""),
        {
            "provider": purse.provider.provider,
            "simulated": purse.simulated,
            "now": now,
            "source": purse.provider.truth,
            "ledger": told["ledger"],
            "reported": found,
            "drift": drift,
            "alarm": drift is not None and abs(drift) > reconcile.DRIFT_ALARM,
            "reason": None if found is not None else "its account did not answer",
        },
    )


def forget(connection: Connection, now: datetime) -> None:
    """Forecasts of long ago, and checks."""
    for table, column in (("api_forecasts", "hour"), ("api_reconciliations", "checked_at")):
        connection.execute(text(f"delete from {table} where {column} < :before"), {"before": now - KEPT})
