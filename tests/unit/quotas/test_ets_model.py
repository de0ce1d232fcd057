"""The library's forecasts: in a process that ends, of any past, and only where they were not worse."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from data.quotas.forecast.backtest import (
    Allowance,
    Trial,
    as_used,
    better_model,
    fitted_trials,
    origins_to_fit,
    score,
    trials,
)
from data.quotas.forecast.ets_model import Task, fit_all
from data.quotas.forecast.history import History, build_history

END = datetime(2026, 11, 1, tzinfo=UTC)
WEEK = (10, 12, 12, 11, 9, 3, 2)


def of(seed: int) -> History:
    dice = Random(seed)
    days = [max(0.0, round(dice.gauss(mean, math.sqrt(mean)))) for mean in WEEK * 14]
    return build_history(days, END, lambda at: at.replace(day=1), resets=True)


@pytest.fixture(scope="module")
def known() -> History:
    return of(5)


def test_it_finds_the_weeks_rhythm_and_its_trials_hold() -> None:
    pasts = [of(seed) for seed in range(3)]
    *fits, none, short = fit_all(
        [*(Task(one.daily, origins_to_fit(one)) for one in pasts), Task([4.0] * 60), Task([1.0, 2.0])]
    )
    judged = []
    for known, fit in zip(pasts, fits, strict=True):
        assert sum(fit.daily[:7]) == pytest.approx(sum(WEEK), rel=0.25)
        assert sorted(fit.daily[:7])[1] < 6 < sorted(fit.daily[:7])[3]
        assert fit.deviations == sorted(fit.deviations)
        found, width = fitted_trials(known, Allowance(), fit.trials)
        assert len(found) == len(origins_to_fit(known))
        assert 0.4 <= width <= 2.5
        judged += found
    assert score(judged).coverage == pytest.approx(0.8, abs=0.15)
    assert score(judged).error < 0.1  # type: ignore[operator] — there are trials
    assert none.daily == short.daily == []


def test_no_process_that_stays_loads_it() -> None:
    code = "import sys, tasks.worker, callbacks.quotas; sys.exit('statsmodels' in sys.modules)"
    assert subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=False).returncode == 0


def test_a_process_that_fails_gives_no_fit(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert fit_all([Task([1.0] * 60)])[0].daily == []
    assert "the library gave none" in caplog.text
    assert fit_all([]) == []


def trial(origin: int, told: float, *, came: float = 100) -> Trial:
    return Trial(origin, origin + 10, told, told - 5, told + 5, 80, came, 200)


def test_the_library_is_taken_where_it_was_not_worse_on_the_same_days() -> None:
    days = range(42, 72, 3)
    simple, better, worse = ([trial(day, told) for day in days] for told in (90, 95, 80))
    assert better_model(simple, better) == "library"
    assert better_model(simple, simple) == "library"
    assert better_model(simple, worse) == "simple"
    assert better_model(simple, better[:5]) == "simple"  # too few to say


def test_on_each_day_only_what_was_over_by_then_decides() -> None:
    days = range(42, 102, 3)
    simple, library = ([trial(day, told) for day in days] for told in (90, 95))
    used = list(as_used(simple, library))
    assert [one.forecast for one in used] == [90 if day < 42 + 5 * 3 + 10 else 95 for day in days]


def test_a_fits_day_knows_nothing_of_the_days_after(known: History) -> None:
    [origin, *_] = origins_to_fit(known)
    whole, cut = fit_all([Task(known.daily, (origin,)), Task((*known.daily[: origin[0]], *[500.0] * 30), (origin,))])
    assert whole.trials == cut.trials


def test_the_simple_models_trials_start_after_two_weeks(known: History) -> None:
    assert trials(known, Allowance())[0].origin == 14
    assert timedelta(days=len(known.daily)) == timedelta(weeks=14)
