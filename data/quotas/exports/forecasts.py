"""What can be exported of the forecasts, and of the checks against the providers' own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.exports import MARK, Column, Dataset
from data.permissions import Permission
from data.quotas.exports.usage import ProviderFilter, of_provider

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import ExportRequest


_FORECASTS: dict[str, Column] = {
    "made_at": Column("Made", "moment"),
    "provider": Column("Provider"),
    "simulated": MARK,
    "state": Column("State"),
    "quota_window": Column("Window"),
    "used": Column("Used", "number"),
    "quota": Column("Quota", "number"),
    "ends_at": Column("Window ends", "moment"),
    "model": Column("Model"),
    "expected": Column("Expected use", "number"),
    "low": Column("Expected, low", "number"),
    "high": Column("Expected, high", "number"),
    "spent": Column("Spent", "number"),
    "spent_low": Column("Spent, low", "number"),
    "spent_high": Column("Spent, high", "number"),
    "risk": Column("Risk of running out", "share"),
    "dry_at": Column("Runs out", "moment"),
    "dry_early_at": Column("Runs out, early", "moment"),
    "dry_late_at": Column("Runs out, late", "moment"),
    "ordinary_dry_at": Column("Ordinary queries end", "moment"),
    "urgent_dry_at": Column("Urgent queries end", "moment"),
    "reset_at": Column("Reset", "moment"),
    "ration": Column("Daily budget", "number"),
    "burn_day": Column("Burn a day", "number"),
    "burn_week": Column("Burn, week", "number"),
    "clock": Column("Clock"),
    "advice": Column("Advice"),
}
_CHECKS: dict[str, Column] = {
    "checked_at": Column("Checked", "moment"),
    "provider": Column("Provider"),
    "simulated": MARK,
    "source": Column("Source"),
    "ledger": Column("Our ledger", "number"),
    "reported": Column("Provider reports", "number"),
    "drift": Column("Drift", "share"),
    "alarm": Column("Alarm", "flag"),
    "reason": Column("Reason"),
}


def _forecasts(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return of_provider(
        connection,
        request,
        f"""select {", ".join(_FORECASTS)} from api_forecasts
            where hour >= date_trunc('hour', cast(:start as timestamptz), 'UTC') and made_at >= :start
              and made_at < :end and (cast(:provider as text) is null or provider = :provider)
            order by made_at desc, provider, simulated limit :limit""",
    )


def _checks(connection: Connection, request: ExportRequest) -> pd.DataFrame:
    return of_provider(
        connection,
        request,
        f"""select {", ".join(_CHECKS)} from api_reconciliations
            where checked_at >= :start and checked_at < :end
              and (cast(:provider as text) is null or provider = :provider)
            order by checked_at desc, provider, simulated limit :limit""",
    )


_READ = Permission.QUOTAS_READ
DATASETS = (
    Dataset("api_forecasts", "Quota forecasts, one an hour", _READ, _FORECASTS, _forecasts, ProviderFilter),
    Dataset("api_reconciliations", "Checks against the providers' numbers", _READ, _CHECKS, _checks, ProviderFilter),
)
