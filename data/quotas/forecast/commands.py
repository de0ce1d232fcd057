"""Forecasts and checks against the providers: read, decide, store. What the worker does every minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.db import transaction
from data.quotas.forecast import model_reads, model_selection, reads, writes
from data.quotas.forecast.distribution import Curve
from data.quotas.forecast.projection import Quota, project
from data.quotas.ledger import reconciliation

if TYPE_CHECKING:
    from datetime import datetime

    from data.quotas.forecast.backtest import Kind
    from data.quotas.ledger.account import Account
    from data.quotas.routing.gateway import ProviderGateway
    from data.services import Services


def make_forecasts(services: Services, gateway: ProviderGateway, now: datetime) -> int:
    """A forecast of every account that is in use, and of every real one; returns how many."""
    with transaction(services.engine) as connection:
        daily_credits = reads.daily_credits(connection, now)
        curves, urgent = model_reads.list_curves(connection), model_reads.saved_urgent_shares(connection)
    accounts = [
        account
        for simulated in (False, True)
        for account in gateway.current_accounts(simulated=simulated, fresh=True)
        if not simulated or (account.provider.provider, True) in daily_credits
    ]
    with transaction(services.engine) as connection:
        for account in accounts:
            name = (account.provider.provider, account.simulated)
            daily = daily_credits.get(name, ())
            quota, reason = quota_of(account, now, in_use=any(daily[-7:]), urgent=urgent.get(name, 1.0))
            model = model_selection.distribution_for(account, daily, now, curves.get(name))
            forecast = project(quota, daily, model, now)
            kind: Kind = "library" if isinstance(model, Curve) else "simple"
            writes.save_forecast(connection, name, quota, forecast, now, reason=reason, model=kind)
    return len(accounts)


def quota_of(account: Account, now: datetime, *, in_use: bool, urgent: float) -> tuple[Quota, str | None]:
    """An account as the forecast takes it, and why it is in its state. An account that others spend from, and tell us
    of, is alive although we hold no key to it."""
    own = account.provider
    state, reason, _ = account.condition(now)
    if state == "disabled" and not account.has_key and own.state == "active" and in_use:
        state, reason = "active", "metered from outside; no key is set here"
    limit = None if own.quota is None else float(own.quota)
    return Quota(own.window, limit, float(account.spent), account.window_end, state, urgent), reason


def check_ledgers(services: Services, gateway: ProviderGateway, now: datetime) -> int:
    """Hold every account against what its provider reports, once an hour, and sooner after a check that was not well;
    returns how many were checked.

    An account interface is asked; a number that comes with every answer is read as it came last.
    """
    checked = 0
    for simulated in (False, True):
        for account in gateway.current_accounts(simulated=simulated, fresh=True):
            if account.has_key and account.provider.truth != "ledger" and _is_due(services, account, now):
                checked += _check(services, gateway, account, now)
    return checked


def _is_due(services: Services, account: Account, now: datetime) -> bool:
    with transaction(services.engine) as connection:
        last = reads.get_last_check(connection, account.provider.provider, simulated=account.simulated)
    return last is None or reconciliation.is_due(*last, now)


def _check(services: Services, gateway: ProviderGateway, account: Account, now: datetime) -> int:
    name, answered = account.provider.provider, True
    if account.provider.truth == "account_api":
        answered = gateway.refresh_reported_usage(name, simulated=account.simulated) is not None
    with transaction(services.engine) as connection:
        usage = reads.get_reported(connection, name, simulated=account.simulated)
        if answered and usage["reported"] is None:
            return 0  # no answer of it has carried a number yet
        writes.save_check(connection, account, usage if answered else usage | {"reported": None}, now)
    return 1
