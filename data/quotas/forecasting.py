"""Forecasts and checks against the providers: read, decide, store. What the worker does every minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.db import transaction
from data.quotas import forecast_choosing as choosing
from data.quotas import forecast_reads, forecast_writes, model_reads, reconcile
from data.quotas.forecast import Quota, forecast
from data.quotas.forecast_outlook import Curve

if TYPE_CHECKING:
    from datetime import datetime

    from data.quotas.choices import Purse
    from data.quotas.desk import Desk
    from data.quotas.forecast_backtest import Kind
    from data.services import Services


def make_forecasts(services: Services, desk: Desk, now: datetime) -> int:
    """A forecast of every purse that is in use, and of every real one; returns how many."""
    with transaction(services.engine) as connection:
        past = forecast_reads.histories(connection, now)
        curves, urgent = model_reads.curves(connection), model_reads.known_shares(connection)
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
            quota, reason = quota_of(purse, now, in_use=any(daily[-7:]), urgent=urgent.get(name, 1.0))
            model = choosing.outlook(purse, daily, now, curves.get(name))
            made = forecast(quota, daily, model, now)
            kind: Kind = "library" if isinstance(model, Curve) else "simple"
            forecast_writes.save_forecast(connection, name, quota, made, now, reason=reason, model=kind)
    return len(purses)


def quota_of(purse: Purse, now: datetime, *, in_use: bool, urgent: float) -> tuple[Quota, str | None]:
    """A purse as the forecast takes it, and why it is in its state. A purse that others spend from, and tell us of, is
    alive although we hold no key to it."""
    own = purse.provider
    state, reason, _ = purse.condition(now)
    if state == "disabled" and not purse.has_key and own.state == "active" and in_use:
        state, reason = "active", "metered from outside; no key is set here"
    limit = None if own.quota is None else float(own.quota)
    return Quota(own.window, limit, float(purse.spent), purse.window_end, state, urgent), reason


def check_ledgers(services: Services, desk: Desk, now: datetime) -> int:
    """Hold every purse against what its provider reports, once an hour, and sooner after a check that was not well;
    returns how many were checked.

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
    return last is None or reconcile.is_due(*last, now)


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
