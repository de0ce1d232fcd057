"""What can be exported of the forecasts, and of the checks against the providers' own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.exports import Dataset
from data.permissions import Permission
from data.quotas.exports.usage import ProviderFilter, of_provider

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import Kind, Wanted


_FORECASTS: dict[str, Kind] = {
    "made_at": "moment",
    "provider": "text",
    "simulated": "flag",
    "state": "text",
    "quota_window": "text",
    "used": "number",
    "quota": "number",
    "ends_at": "moment",
    "model": "text",
    "expected": "number",
    "low": "number",
    "high": "number",
    "spent": "number",
    "spent_low": "number",
    "spent_high": "number",
    "risk": "number",
    "dry_at": "moment",
    "dry_early_at": "moment",
    "dry_late_at": "moment",
    "ordinary_dry_at": "moment",
    "urgent_dry_at": "moment",
    "reset_at": "moment",
    "ration": "number",
    "burn_day": "number",
    "burn_week": "number",
    "clock": "text",
    "advice": "text",
}
_CHECKS: dict[str, Kind] = {
    "checked_at": "moment",
    "provider": "text",
    "simulated": "flag",
    "source": "text",
    "ledger": "number",
    "reported": "number",
    "drift": "number",
    "alarm": "flag",
    "reason": "text",
}


def _forecasts(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    return of_provider(
        connection,
        wanted,
        f"""select {", ".join(_FORECASTS)} from api_forecasts
            where hour >= date_trunc('hour', cast(:start as timestamptz), 'UTC') and made_at >= :start
              and made_at < :end and (cast(:provider as text) is null or provider = :provider)
            order by made_at desc, provider, simulated limit :limit""",
    )


def _checks(connection: Connection, wanted: Wanted) -> pd.DataFrame:
    return of_provider(
        connection,
        wanted,
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
