"""Scores of the two models, and the library's curves, stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.quotas.forecast_backtest import Kind, Score
    from data.quotas.forecast_library import Fitted
    from data.quotas.forecast_reads import Purse


@dataclass(frozen=True, slots=True)
class Judged:
    """What forecasts of a purse were worth: of the model in `used`, and of both on the trials that both made.
    `urgent`, 0 to 1, is the share of credits asked for with priority high or above."""

    model: Kind
    urgent: float
    used: Score
    simple: Score
    fitted: Score


def save_score(connection: Connection, purse: Purse, found: Judged, now: datetime) -> None:
    """The purse's score, in the place of the one before."""
    values = {
        "provider": purse[0],
        "simulated": purse[1],
        "scored_at": now,
        "trials": found.used.trials,
        "coverage": found.used.coverage,
        "error": found.used.error,
        "line_error": found.used.line_error,
        "model": found.model,
        "urgent": found.urgent,
        "simple_coverage": found.simple.coverage,
        "simple_error": found.simple.error,
        "library_trials": found.fitted.trials,
        "library_coverage": found.fitted.coverage,
        "library_error": found.fitted.error,
    }
    names, given = ", ".join(values), ", ".join(f":{name}" for name in values)
    changes = ", ".join(f"{name} = excluded.{name}" for name in list(values)[2:])
    connection.execute(
        text(f"""insert into api_forecast_scores ({names}) values ({given})
                 on conflict (provider, simulated) do update set {changes}"""),
        values,
    )


def save_curve(connection: Connection, purse: Purse, fit: Fitted, width: float, now: datetime) -> None:
    """A new curve, in the place of the one before."""
    connection.execute(
        text("""insert into api_forecast_curves (provider, simulated, made_at, daily, deviations, width)
                values (:provider, :simulated, :now, :daily, :deviations, :width)
                on conflict (provider, simulated) do update set made_at = excluded.made_at, daily = excluded.daily,
                  deviations = excluded.deviations, width = excluded.width"""),
        _values(purse, fit, now) | {"width": width},
    )


def renew_curve(connection: Connection, purse: Purse, fit: Fitted, now: datetime) -> None:
    """The same purse fitted again: the width stays what the back-test found."""
    connection.execute(
        text("""update api_forecast_curves set made_at = :now, daily = :daily, deviations = :deviations
                where provider = :provider and simulated = :simulated"""),
        _values(purse, fit, now),
    )


def _values(purse: Purse, fit: Fitted, now: datetime) -> dict[str, object]:
    own = {"provider": purse[0], "simulated": purse[1], "now": now}
    return own | {"daily": fit.daily, "deviations": fit.deviations}


def forget_curve(connection: Connection, purse: Purse) -> None:
    connection.execute(
        text("delete from api_forecast_curves where provider = :provider and simulated = :simulated"),
        {"provider": purse[0], "simulated": purse[1]},
    )
