"""Forecasts, their scores and checks against the providers: read, decide, store. What the worker does every minute."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.db import transaction
from data.quotas import forecast_reads, forecast_writes, reconcile
from data.quotas.forecast import Quota, forecast
from data.quotas.forecast_backtest import score, trials

if TYPE_CHECKING:
    from datetime import datetime

    from data.quotas.choices import Purse
    from data.quotas.desk import Desk
    from data.services import Services

SCORED_EVERY = timedelta(hours=6)


def make_forecasts(services: Services, desk: Desk, now: datetime) -> int:
    """A forecast of every purse that is in use, and of every real one; returns how many."""
    with transaction(services.engine) as connection:
        past = forecast_reads.histories(connection, now)
    purses = [
        purse
        for simulated in (False, True)
        for purse in desk.purses(simulated=simulated, fresh=True)
        if not simulated or (purse.provider.provider, True) in past
    ]
    with transaction(services.engine) as connection:
        for purse in purses:
            name = (purse.provider.provider, purse.simulated)
            daily = past.get(name, ())
            quota, reason = quota_of(purse, now, in_use=any(daily[-7:]))
            forecast_writes.save_forecast(connection, name, quota, forecast(quota, daily, now), now, reason)
    return len(purses)


def quota_of(purse: Purse, now: datetime, *, in_use: bool) -> tuple[Quota, str | None]:
    """A purse as the forecast takes it, and why it is in its state. A purse that others spend from, and tell us of, is
    alive although we hold no key to it."""
    own = purse.provider
    state, reason, _ = purse.condition(now)
    if state == "disabled" and not purse.has_key and own.state == "active" and in_use:
        state, reason = "active", "metered from outside; no key is set here"
    limit = None if own.quota is None else float(own.quota)
    return Quota(own.window, limit, float(purse.spent), purse.window_end, state), reason


def score_forecasts(services: Services, now: datetime) -> int:
    """Back-test every purse whose score is old; returns how many."""
    with transaction(services.engine) as connection:
        past = forecast_reads.histories(connection, now)
        due = forecast_writes.unscored(connection, sorted(past), now - SCORED_EVERY)
    for purse in due:
        daily = past[purse]
        first = (now - timedelta(days=len(daily))).date()
        found = score(trials(daily, first))
        with transaction(services.engine) as connection:
            forecast_writes.save_score(connection, purse, found, now)
    with transaction(services.engine) as connection:
        forecast_writes.forget(connection, now)
    return len(due)


def check_ledgers(services: Services, desk: Desk, now: datetime) -> int:
    """Hold every purse against what its provider reports, once an hour; returns how many were checked.

    An account interface is asked; a number that comes with every answer is read as it came last.
    """
    checked = 0
    for simulated in (False, True):
        for purse in desk.purses(simulated=simulated, fresh=True):
            if purse.has_key and purse.provider.truth != "ledger" and _is_due(services, purse, now):
                checked += _check(services, desk, purse, now)
    return checked


def _is_due(services: Services, purse: Purse, now: datetime) -> bool:
    with transaction(services.engine) as connection:
        last = forecast_reads.last_check(connection, purse.provider.provider, simulated=purse.simulated)
    return last is None or now - last >= reconcile.CHECK_EVERY


def _check(services: Services, desk: Desk, purse: Purse, now: datetime) -> int:
    name, answered = purse.provider.provider, True
    if purse.provider.truth == "account_api":
        answered = desk.account(name, simulated=purse.simulated) is not None
    with transaction(services.engine) as connection:
        told = forecast_reads.reported(connection, name, simulated=purse.simulated)
        if answered and told["reported"] is None:
            return 0  # no answer of it has carried a number yet
        forecast_writes.save_check(connection, purse, told if answered else told | {"reported": None}, now)
    return 1
