"""Which model forecasts a purse: both are back-tested every six hours, and the library's, where it is not worse, is
fitted again once an hour while credits are spent. Read, decide, store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from data.db import transaction
from data.quotas import forecast_backtest as backtest
from data.quotas import forecast_library as library
from data.quotas import forecast_reads, forecast_writes, model_reads, model_writes, windows
from data.quotas.forecast_model import learn
from data.quotas.forecast_outlook import Curve
from data.quotas.forecast_past import past
from data.quotas.forecast_reserve import asked_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from data.quotas.choices import Purse
    from data.quotas.desk import Desk
    from data.quotas.forecast_outlook import Outlook
    from data.quotas.forecast_past import Past
    from data.quotas.forecast_reads import Purse as Name
    from data.services import Services

SCORED_EVERY = timedelta(hours=6)
KEPT = timedelta(hours=8)  # a curve that nobody renewed is not used for longer


def past_of(purse: Purse, daily: tuple[float, ...], now: datetime) -> tuple[Past, float | None]:
    """A purse's past, and the limit that its reserve is a part of: none where every day begins anew."""
    own = purse.provider
    begins = partial(windows.began, own, told=purse.reset_anchor or purse.window_end)
    limited = own.quota is not None and own.window in ("monthly", "trial")
    return past(daily, now, begins, resets=own.window == "monthly"), float(own.quota or 0) if limited else None


def outlook(purse: Purse, daily: tuple[float, ...], now: datetime, curve: model_reads.Stored | None) -> Outlook:
    """The library's, where one was fitted lately; else the simple model's, learnt now."""
    if curve is not None and now - curve.made_at < KEPT:
        return Curve(curve.daily, curve.deviations, curve.width)
    known, limit = past_of(purse, daily, now)
    return learn(asked_for(known, limit), now.weekday())


@dataclass(frozen=True, slots=True)
class Job:
    """A purse to be fitted, and to be back-tested if its score is old."""

    name: Name
    past: Past
    purse: backtest.Purse
    tried: bool

    @property
    def task(self) -> library.Task:
        """What the library is asked."""
        asked = asked_for(self.past, self.purse.limit)
        return library.Task(asked, backtest.origins_to_fit(self.past) if self.tried else ())


def score_forecasts(services: Services, desk: Desk, now: datetime) -> int:
    """Back-test every purse whose score is old, and fit what has changed; returns how many were back-tested.

    The library is loaded by a process of its own, and only if there is anything to fit."""
    with transaction(services.engine) as connection:
        daily = forecast_reads.histories(connection, now)
        due = set(forecast_writes.unscored(connection, sorted(daily), now - SCORED_EVERY))
        stale = set(model_reads.stale_curves(connection, now)) & daily.keys()
        urgent = model_reads.urgent_shares(connection, now) if due else {}
    jobs = list(_jobs(desk, {name: daily[name] for name in due | stale}, due, urgent, now))
    long = [job for job in jobs if len(job.past.daily) >= backtest.LIBRARY_D]
    fits = dict(zip([job.name for job in long], library.fitted([job.task for job in long]), strict=True))
    for job in jobs:
        _store(services, job, fits.get(job.name), now)
    with transaction(services.engine) as connection:
        forecast_writes.forget(connection, now)
    return len(due)


def _jobs(
    desk: Desk, daily: Mapping[Name, tuple[float, ...]], due: set[Name], urgent: Mapping[Name, float], now: datetime
) -> Iterator[Job]:
    if not daily:
        return
    for simulated in (False, True):
        for purse in desk.purses(simulated=simulated, fresh=True):
            name = (purse.provider.provider, simulated)
            if name in daily:
                known, limit = past_of(purse, daily[name], now)
                yield Job(name, known, backtest.Purse(limit, urgent.get(name, 1.0)), name in due)


def _store(services: Services, job: Job, fit: library.Fitted | None, now: datetime) -> None:
    """The score of a job that was tried, and the library's curve where that model is in use."""
    if not job.tried:
        if fit and fit.daily:
            with transaction(services.engine) as connection:
                model_writes.renew_curve(connection, job.name, fit, now)
        return
    simple = backtest.trials(job.past, job.purse)
    theirs, width = backtest.fitted_trials(job.past, job.purse, fit.trials if fit else {})
    model = backtest.chosen(simple, theirs) if fit and fit.daily else "simple"
    both = {one.origin for one in theirs}
    used = [next((its for its in theirs if its.origin == one.origin), one) for one in simple]
    judged = model_writes.Judged(
        model=model,
        urgent=job.purse.urgent,
        used=backtest.score(used if model == "library" else simple),
        simple=backtest.score(one for one in simple if one.origin in both),
        fitted=backtest.score(theirs),
    )
    with transaction(services.engine) as connection:
        model_writes.save_score(connection, job.name, judged, now)
        if model == "library" and fit:
            model_writes.save_curve(connection, job.name, fit, width, now)
        else:
            model_writes.forget_curve(connection, job.name)
