"""What forecasts are made of, and the forecasts that were made."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.clock import epoch_ms
from data.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

KEPT_D = 180
SHORTEST_HISTORY_D = 0.25  # what was spent in the first hours is spread over at least so much of a day
AccountKey = tuple[str, bool]  # provider, simulated


def daily_credits(connection: Connection, now: datetime) -> dict[AccountKey, tuple[float, ...]]:
    """Credits a day of every account that ever spent, the oldest first. A day is 24 hours, the last one ends now."""
    rows = connection.execute(
        text("""
        select provider, simulated, min(hour) as first,
               floor(extract(epoch from :now - hour) / 86400)::int as age, sum(credits)::float8 as credits
        from rollup_api_usage_hourly where hour > :since and hour <= :now group by provider, simulated, age"""),
        {"now": now, "since": now - timedelta(days=KEPT_D)},
    )
    spent: dict[AccountKey, dict[int, float]] = {}
    first: dict[AccountKey, datetime] = {}
    for row in rows:
        account = (row.provider, row.simulated)
        spent.setdefault(account, {})[row.age] = row.credits
        first[account] = min(first.get(account, row.first), row.first)
    return {account: _days(by_age, (now - first[account]) / timedelta(days=1)) for account, by_age in spent.items()}


def _days(by_age: Mapping[int, float], known_d: float) -> tuple[float, ...]:
    """Whole days only: the oldest, of which a part was seen, is left out unless it is all there is."""
    whole = int(known_d)
    if whole == 0:
        return (by_age.get(0, 0.0) / max(known_d, SHORTEST_HISTORY_D),)
    return tuple(by_age.get(age, 0.0) for age in range(whole - 1, -1, -1))


_LATEST = """
select p.provider, p.title, p.position, p.unit, p.quota::float8 as quota_now, p.quota_window as window_now,
       p.drill_until, p.state as configured, v.simulated, coalesce(s.used + s.unmetered, 0)::float8 as used_now,
       s.state as state_now, s.state_reason as reason_now, s.until, s.window_start, s.window_end,
       f.made_at, f.ends_at, f.state, f.reason,
       f.reset_at, f.used, f.quota, f.expected, f.low, f.high, f.risk, f.dry_at, f.dry_early_at, f.dry_late_at,
       f.model, f.spent, f.spent_low, f.spent_high, f.ordinary_dry_at, f.urgent_dry_at, c.urgent,
       f.ration, f.burn_day, f.burn_week, f.status, f.note, f.clock, f.advice, f.path
from api_providers p
join api_shown_purses v on v.provider = p.provider
left join api_quota_state s on s.provider = p.provider and s.simulated = v.simulated
left join lateral (select * from api_forecasts f
                   where f.provider = p.provider and f.simulated = v.simulated
                   order by hour desc limit 1) f on true
left join api_forecast_scores c on c.provider = p.provider and c.simulated = v.simulated
order by p.position, p.provider
"""


def list_latest(connection: Connection) -> list[dict[str, Any]]:
    """Every provider with the account that people look at, and the last forecast of it: `made_at` None without one."""
    return [dict(row) for row in connection.execute(text(_LATEST)).mappings()]


def list_scores(connection: Connection) -> dict[str, dict[str, Any]]:
    """What past forecasts were worth, by provider: the columns of api_forecast_scores."""
    rows = connection.execute(
        text("select s.* from api_forecast_scores s join api_shown_purses v using (provider, simulated)")
    ).mappings()
    return {row["provider"]: dict(row) for row in rows}


def get_last_check(connection: Connection, provider: str, *, simulated: bool) -> tuple[datetime, bool] | None:
    """When an account was checked last, and whether that was well: an answer, and no alarm."""
    row = connection.execute(
        text("""select checked_at, reported is not null and not alarm as well from api_reconciliations
                where provider = :provider and simulated = :simulated order by checked_at desc limit 1"""),
        {"provider": provider, "simulated": simulated},
    ).first()
    return None if row is None else (row.checked_at, row.well)


def get_reported(connection: Connection, provider: str, *, simulated: bool) -> dict[str, Any]:
    """What an account holds and what its provider says of it: ledger, in_flight, reported (None: nothing),
    reported_at."""
    row = connection.execute(
        text("""select used::float8 as ledger, reserved::float8 as in_flight, reported_used::float8 as reported,
                       reported_at
                from api_quota_state where provider = :provider and simulated = :simulated"""),
        {"provider": provider, "simulated": simulated},
    ).mappings()
    return dict(row.one())


def list_checks(connection: Connection) -> list[dict[str, Any]]:
    """Every provider with its last check and the last that succeeded: checked_at, answered_at, ledger, reported,
    drift, reason; None where there was none."""
    rows = connection.execute(
        text("""
        select p.provider, p.title, p.unit, p.truth, v.simulated, l.checked_at, l.reason, g.checked_at as answered_at,
               g.ledger, g.reported, g.drift
        from api_providers p
        join api_shown_purses v using (provider)
        left join lateral (select * from api_reconciliations r
                           where r.provider = p.provider and r.simulated = v.simulated
                           order by checked_at desc limit 1) l on true
        left join lateral (select * from api_reconciliations r
                           where r.provider = p.provider and r.simulated = v.simulated and r.reported is not null
                           order by checked_at desc limit 1) g on true
        where p.state <> 'retired' order by p.position, p.provider""")
    ).mappings()
    return [dict(row) for row in rows]


def live_api_quotas(connection: Connection, now: datetime) -> dict[str, dict[str, Any]]:
    """The live key `api_quotas`: the accounts that people look at, as one entry a provider; times in milliseconds."""
    return {row["provider"]: _live(row, now) for row in list_latest(connection)}


def _live(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    known = row["made_at"] is not None
    state, note = state_now(row, now)
    changed = not known or state != row["state"]
    values = {
        "status": Status(CHANGED.get(state, Status.NORMAL) if changed else row["status"]),
        "state": state,
        "used": row["used_now"],
        "limit": row["quota_now"],
        "unit": row["unit"],
        "window": row["window_now"],
        "reset": row["window_end"],
        "forecast": _rounded(row["expected"]),
        "forecast_low": _rounded(row["low"]),
        "forecast_high": _rounded(row["high"]),
        "exhaustion": row["dry_at"],
        "note": note or (state if changed else row["note"]),
        "simulated": row["simulated"],
    }
    return {
        name: epoch_ms(value) if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }


CHANGED = {
    "exhausted": Status.CRITICAL,
    "cooldown": Status.CAUTION,
    "disabled": Status.OFF,
    "retired": Status.OFF,
}


def state_now(row: dict[str, Any], now: datetime) -> tuple[str, str | None]:
    """The state now: what happened since the last forecast counts before what that forecast saw."""
    if row["drill_until"] and row["drill_until"] > now:
        return "cooldown", "failover drill"
    forecast_state = row["state"] or row["configured"]
    if forecast_state in ("retired", "disabled"):
        return forecast_state, None
    over = row["until"] is not None and row["until"] <= now
    return ("active" if over else row["state_now"] or forecast_state), None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
