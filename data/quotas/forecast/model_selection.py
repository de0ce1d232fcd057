"""Which model forecasts an account: both are back-tested every six hours, and the library's, where it is not worse, is
fitted again once an hour while credits are spent. Read, decide, store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from data.db import transaction
from data.quotas.catalogue import windows
from data.quotas.forecast import backtest, ets_model, model_reads, model_writes, reads, writes
from data.quotas.forecast.distribution import Curve
from data.quotas.forecast.history import build_history
from data.quotas.forecast.reserve import asked_for
from data.quotas.forecast.simple_model import fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from data.quotas.forecast.distribution import Distribution
    from data.quotas.forecast.history import History
    from data.quotas.forecast.reads import AccountKey as Name
    from data.quotas.ledger.account import Account
    from data.quotas.routing.gateway import ProviderGateway
    from data.services import Services

SCORED_EVERY = timedelta(hours=6)
KEPT = timedelta(hours=8)  # a curve that nobody renewed is not used for longer


def history_of(account: Account, daily: tuple[float, ...], now: datetime) -> tuple[History, float | None]:
    """An account's past, and the limit that its reserve is a part of: none where every day begins anew."""
    own = account.provider
    begins = partial(windows.window_start, own, named_reset=account.reset_anchor or account.window_end)
    limited = own.quota is not None and own.window in ("monthly", "trial")
    return build_history(daily, now, begins, resets=own.window == "monthly"), float(own.quota or 0) if limited else None


def distribution_for(
    account: Account, daily: tuple[float, ...], now: datetime, curve: model_reads.StoredCurve | None
) -> Distribution:
    """The library's, where one was fitted lately; else the simple model's, learnt now."""
    if curve is not None and now - curve.made_at < KEPT:
        return Curve(curve.daily, curve.deviations, curve.width)
    known, limit = history_of(account, daily, now)
    return fit(asked_for(known, limit), now.weekday())


@dataclass(frozen=True, slots=True)
class FitJob:
    """An account to be fitted, and to be back-tested if its score is old."""

    name: Name
    history: History
    allowance: backtest.Allowance
    tried: bool

    @property
    def task(self) -> ets_model.Task:
        """What the library is asked."""
        asked = asked_for(self.history, self.allowance.limit)
        return ets_model.Task(asked, backtest.origins_to_fit(self.history) if self.tried else ())


def score_forecasts(services: Services, gateway: ProviderGateway, now: datetime) -> int:
    """Back-test every account whose score is old, and fit what has changed; returns how many were back-tested.

    The library is loaded by a process of its own, and only if there is anything to fit."""
    with transaction(services.engine) as connection:
        daily = reads.daily_credits(connection, now)
        due = set(writes.list_unscored(connection, sorted(daily), now - SCORED_EVERY))
        stale = set(model_reads.list_stale_curves(connection, now)) & daily.keys()
        urgent = model_reads.urgent_shares(connection, now) if due else {}
    jobs = list(_jobs(gateway, {name: daily[name] for name in due | stale}, due, urgent, now))
    long = [job for job in jobs if len(job.history.daily) >= backtest.LIBRARY_D]
    fits = dict(zip([job.name for job in long], ets_model.fit_all([job.task for job in long]), strict=True))
    for job in jobs:
        _store(services, job, fits.get(job.name), now)
    with transaction(services.engine) as connection:
        writes.delete_old(connection, now)
    return len(due)


def _jobs(
    gateway: ProviderGateway,
    daily: Mapping[Name, tuple[float, ...]],
    due: set[Name],
    urgent: Mapping[Name, float],
    now: datetime,
) -> Iterator[FitJob]:
    if not daily:
        return
    for simulated in (False, True):
        for account in gateway.current_accounts(simulated=simulated, fresh=True):
            name = (account.provider.provider, simulated)
            if name in daily:
                known, limit = history_of(account, daily[name], now)
                yield FitJob(name, known, backtest.Allowance(limit, urgent.get(name, 1.0)), name in due)


def _store(services: Services, job: FitJob, fit: ets_model.Fitted | None, now: datetime) -> None:
    """The score of a job that was tried, and the library's curve where that model is in use."""
    if not job.tried:
        if fit and fit.daily:
            with transaction(services.engine) as connection:
                model_writes.renew_curve(connection, job.name, fit, now)
        return
    simple = backtest.trials(job.history, job.allowance)
    theirs, width = backtest.fitted_trials(job.history, job.allowance, fit.trials if fit else {})
    model = backtest.better_model(simple, theirs) if fit and fit.daily else "simple"
    both = {one.origin for one in theirs}
    used = [next((its for its in theirs if its.origin == one.origin), one) for one in simple]
    judged = model_writes.Scores(
        model=model,
        urgent=job.allowance.urgent,
        used=backtest.score(used if model == "library" else simple),
        simple=backtest.score(one for one in simple if one.origin in both),
        fitted=backtest.score(theirs),
    )
    with transaction(services.engine) as connection:
        model_writes.save_score(connection, job.name, judged, now)
        if model == "library" and fit:
            model_writes.save_curve(connection, job.name, fit, width, now)
        else:
            model_writes.delete_curve(connection, job.name)
