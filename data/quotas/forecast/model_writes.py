"""Scores of the two models, and the library's curves, stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.quotas.forecast.backtest import Kind, Score
    from data.quotas.forecast.ets_model import Fitted
    from data.quotas.forecast.reads import AccountKey


@dataclass(frozen=True, slots=True)
class Scores:
    """What forecasts of an account were worth: of the model in `used`, and of both on the trials that both made.
    `urgent`, 0 to 1, is the share of credits asked for with priority high or above."""

    model: Kind
    urgent: float
    used: Score
    simple: Score
    fitted: Score


def save_score(connection: Connection, account: AccountKey, scores: Scores, now: datetime) -> None:
    """The account's score, in the place of the one before."""
    values = {
        "provider": account[0],
        "simulated": account[1],
        "scored_at": now,
        "trials": scores.used.trials,
        "coverage": scores.used.coverage,
        "error": scores.used.error,
        "line_error": scores.used.line_error,
        "model": scores.model,
        "urgent": scores.urgent,
        "simple_coverage": scores.simple.coverage,
        "simple_error": scores.simple.error,
        "library_trials": scores.fitted.trials,
        "library_coverage": scores.fitted.coverage,
        "library_error": scores.fitted.error,
    }
    names, placeholders = ", ".join(values), ", ".join(f":{name}" for name in values)
    changes = ", ".join(f"{name} = excluded.{name}" for name in list(values)[2:])
    connection.execute(
        text(f"""insert into api_forecast_scores ({names}) values ({placeholders})
                 on conflict (provider, simulated) do update set {changes}"""),
        values,
    )


def save_curve(connection: Connection, account: AccountKey, fit: Fitted, width: float, now: datetime) -> None:
    """A new curve, in the place of the one before."""
    connection.execute(
        text("""insert into api_forecast_curves (provider, simulated, made_at, daily, deviations, width)
                values (:provider, :simulated, :now, :daily, :deviations, :width)
                on conflict (provider, simulated) do update set made_at = excluded.made_at, daily = excluded.daily,
                  deviations = excluded.deviations, width = excluded.width"""),
        _values(account, fit, now) | {"width": width},
    )


def renew_curve(connection: Connection, account: AccountKey, fit: Fitted, now: datetime) -> None:
    """The same account fitted again: the width stays what the back-test found."""
    connection.execute(
        text("""update api_forecast_curves set made_at = :now, daily = :daily, deviations = :deviations
                where provider = :provider and simulated = :simulated"""),
        _values(account, fit, now),
    )


def _values(account: AccountKey, fit: Fitted, now: datetime) -> dict[str, object]:
    own = {"provider": account[0], "simulated": account[1], "now": now}
    return own | {"daily": fit.daily, "deviations": fit.deviations}


def delete_curve(connection: Connection, account: AccountKey) -> None:
    connection.execute(
        text("delete from api_forecast_curves where provider = :provider and simulated = :simulated"),
        {"provider": account[0], "simulated": account[1]},
    )
