"""Forecasts, their scores and checks against the providers' own numbers, stored."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.clock import epoch_ms
from data.quotas.forecast import wording
from data.quotas.ledger import reconciliation

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.quotas.forecast.backtest import Kind
    from data.quotas.forecast.projection import Forecast, Quota
    from data.quotas.ledger.account import Account

KEPT = timedelta(days=90)


def save_forecast(
    connection: Connection,
    account: tuple[str, bool],
    quota: Quota,
    forecast: Forecast,
    now: datetime,
    *,
    reason: str | None,
    model: Kind,
) -> None:
    """The hour's forecast of an account: the newest replaces what the same hour said before."""
    values = {
        "provider": account[0],
        "simulated": account[1],
        "hour": now.replace(minute=0, second=0, microsecond=0),
        "made_at": now,
        "state": quota.state,
        "reason": reason,
        "model": model,
        "quota_window": quota.window,
        "reset_at": quota.reset,
        "used": quota.used,
        "quota": quota.limit,
        "status": wording.status(quota, forecast),
        "note": wording.note(quota, forecast),
        "clock": wording.clock(quota, forecast, now),
        "advice": wording.advice(quota, forecast, now),
        **_figures(forecast),
    }
    names = list(values)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in ("provider", "simulated", "hour"))
    connection.execute(
        text(f"""insert into api_forecasts ({", ".join(names)})
                 values ({", ".join(f"cast(:{name} as jsonb)" if name == "path" else f":{name}" for name in names)})
                 on conflict (provider, simulated, hour) do update set {changes}"""),
        values,
    )


def _figures(forecast: Forecast) -> dict[str, Any]:
    path = [
        {"at": epoch_ms(point.at), "expected": point.expected, "low": point.low, "high": point.high}
        for point in forecast.path
    ]
    return {
        "ends_at": forecast.ends,
        "expected": forecast.expected,
        "low": forecast.low,
        "high": forecast.high,
        "spent": forecast.spent,
        "spent_low": forecast.spent_low,
        "spent_high": forecast.spent_high,
        "ordinary_dry_at": forecast.ordinary_dry,
        "urgent_dry_at": forecast.urgent_dry,
        "risk": forecast.risk,
        "dry_at": forecast.dry,
        "dry_early_at": forecast.dry_early,
        "dry_late_at": forecast.dry_late,
        "ration": forecast.ration,
        "burn_day": forecast.burn_day,
        "burn_week": forecast.burn_week,
        "path": orjson.dumps(path).decode(),
    }


def list_unscored(connection: Connection, accounts: list[tuple[str, bool]], before: datetime) -> list[tuple[str, bool]]:
    """Those whose score is older than `before`, or missing."""
    rows = connection.execute(
        text("select provider, simulated from api_forecast_scores where scored_at >= :before"), {"before": before}
    )
    fresh = {(row.provider, row.simulated) for row in rows}
    return [account for account in accounts if account not in fresh]


def save_check(connection: Connection, account: Account, usage: dict[str, Any], now: datetime) -> None:
    """One check; `usage` as `reads.get_reported` gives it, `reported` None where the provider did not answer."""
    reported = usage["reported"]
    drift = None if reported is None else reconciliation.drift(usage["ledger"], usage["in_flight"], reported)
    connection.execute(
        text("""insert into api_reconciliations
                  (provider, simulated, checked_at, source, ledger, reported, drift, alarm, reason)
                values (:provider, :simulated, :now, :source, :ledger, :reported, :drift, :alarm, :reason)"""),
        {
            "provider": account.provider.provider,
            "simulated": account.simulated,
            "now": now,
            "source": account.provider.truth,
            "ledger": usage["ledger"],
            "reported": reported,
            "drift": drift,
            "alarm": drift is not None and abs(drift) > reconciliation.DRIFT_ALARM,
            "reason": None if reported is not None else "its account did not answer",
        },
    )


def delete_old(connection: Connection, now: datetime) -> None:
    """Forecasts of long ago, and checks."""
    for table, column in (("api_forecasts", "hour"), ("api_reconciliations", "checked_at")):
        connection.execute(text(f"delete from {table} where {column} < :before"), {"before": now - KEPT})
