"""When a quota runs dry, and what a forecast of it is worth."""

from __future__ import annotations

import math
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.simulator.seasonality import intensity, midnight, surge, tide
from data.quotas.forecast import wording
from data.quotas.forecast.backtest import Allowance, score, trials
from data.quotas.forecast.distribution import gamma_over, gamma_quantile
from data.quotas.forecast.history import History, build_history
from data.quotas.forecast.projection import DAY, Forecast, Quota, month_end, project
from data.quotas.forecast.simple_model import fit

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
RESET = datetime(2026, 12, 1, tzinfo=UTC)
CALM = tuple([5.0] * 30)


def monthly(limit: float = 50, used: float = 30, state: str = "active") -> Quota:
    return Quota("monthly", limit, used, RESET, state)


def made(quota: Quota, daily: tuple[float, ...] = CALM) -> Forecast:
    return project(quota, daily, fit(daily, NOW.weekday()), NOW)


def test_twenty_left_at_five_a_day_are_dry_in_four_days() -> None:
    found = made(monthly())
    assert found.dry is not None
    assert abs(found.dry - NOW - 4 * DAY) < timedelta(minutes=1)
    assert found.dry_early is not None
    assert found.dry_late is not None
    assert found.dry_early < found.dry < found.dry_late
    assert wording.clock(monthly(), found, NOW).startswith("runs out about Nov 25 (± 1 day), 6 days before the reset")


def test_the_rate_goes_up_and_the_date_moves_closer() -> None:
    dates = [made(monthly(), (*CALM, *[rate] * 4)).dry for rate in (5.0, 8.0, 15.0, 40.0)]
    assert all(later is not None for later in dates)
    assert dates == sorted(dates, reverse=True)
    assert len(set(dates)) == len(dates)


def test_a_trial_never_shows_a_reset() -> None:
    trial = Quota("trial", 100, 80, None)
    found = made(trial)
    assert found.ration is None
    assert found.dry is not None
    for said in (wording.note(trial, found), wording.clock(trial, found, NOW), wording.advice(trial, found, NOW)):
        assert "Dec" not in said
        assert "until" not in said
    calm = made(Quota("trial", 100, 3, None), (0.0,) * 20)
    assert calm.dry is None
    assert wording.note(Quota("trial", 100, 3, None), calm) == "OK · no reset"


def test_the_ration_is_what_is_left_over_the_days_to_the_reset() -> None:
    assert made(monthly()).ration == pytest.approx(20 / ((RESET - NOW) / DAY))


def test_without_a_limit_there_is_no_date_and_no_risk() -> None:
    found = made(Quota("none", None, 400, None))
    assert (found.dry, found.risk, found.ration) == (None, None, None)
    assert found.expected == pytest.approx(400 + 5 * ((month_end(NOW) - NOW) / DAY))


def test_what_the_reset_comes_before_does_not_happen() -> None:
    found = made(monthly(limit=200))
    assert found.dry is None
    assert wording.status(monthly(limit=200), found) == "normal"
    assert wording.note(monthly(limit=200), found) == "OK · Dec 1 reset"


@pytest.mark.parametrize(
    ("quota", "status", "note"),
    [
        (monthly(used=50), "critical", "used up until Dec 1"),
        (monthly(state="exhausted"), "critical", "used up until Dec 1"),
        (monthly(state="disabled"), "off", "disabled"),
        (monthly(state="retired"), "off", "retired"),
        (monthly(limit=2000, state="cooldown"), "caution", "cooldown"),
        (monthly(), "critical", "Nov 25 ± 1 d"),
        (monthly(limit=2000), "normal", "OK · Dec 1 reset"),
        (Quota("trial", 100, 100, None), "critical", "used up"),
        (Quota("none", None, 9, None), "normal", "OK · no limit"),
    ],
)
def test_a_state_has_one_colour_and_one_note(quota: Quota, status: str, note: str) -> None:
    found = made(quota)
    assert wording.status(quota, found) == status
    assert wording.note(quota, found) == note
    assert wording.clock(quota, found, NOW)
    assert wording.advice(quota, found, NOW)


def test_a_quota_that_nobody_touches_stands_by() -> None:
    found = made(monthly(used=3), (0.0,) * 20)
    assert wording.status(monthly(used=3), found) == "standby"
    assert wording.note(monthly(used=3), found) == "OK · backup"
    assert found.expected == 3


@given(
    daily=st.lists(st.floats(0, 1e6), max_size=100),
    used=st.floats(0, 1e9),
    limit=st.none() | st.floats(0, 1e9),
    hours=st.integers(0, 31 * 24),
)
def test_whatever_happened_a_forecast_is_finite_and_in_order(
    daily: list[float], used: float, limit: float | None, hours: int
) -> None:
    quota = Quota("monthly", limit, used, NOW + timedelta(hours=hours))
    found = made(quota, tuple(daily))
    assert math.isfinite(found.expected)
    assert used <= found.low <= found.expected <= found.high < math.inf
    assert found.risk is None or 0 <= found.risk <= 1
    known = [at for at in (found.dry_early, found.dry, found.dry_late) if at]
    assert known == sorted(known)
    assert wording.note(quota, found)
    assert wording.clock(quota, found, NOW)


def test_the_week_has_its_rhythm() -> None:
    week = [10.0, 10, 10, 10, 10, 2, 2]
    model = fit(week * 8, next_weekday=0)
    means = model.means(7)
    assert means[5] < means[0] / 2.5
    assert sum(means) == pytest.approx(54, rel=0.03)


@pytest.mark.parametrize(("mean", "deviation"), [(20.0, 5.0), (3.0, 2.0), (5000.0, 400.0)])
def test_quantiles_and_chances_agree(mean: float, deviation: float) -> None:
    for z, chance in ((-1.2816, 0.9), (0.0, 0.5), (1.2816, 0.1)):
        assert gamma_over(gamma_quantile(mean, deviation, z), mean, deviation) == pytest.approx(chance, abs=0.001)


def months(daily: list[float], first: date) -> History:
    """As if each day had begun at midnight, the quota every month."""
    end = datetime(first.year, first.month, first.day, tzinfo=UTC) + len(daily) * DAY
    return build_history(daily, end, lambda at: at.replace(day=1), resets=True)


def _season(name: str, mean: float, days: int, start: date) -> list[float]:
    """Credits a day in the simulator's seasons: weekdays, tides and surges, and chance below them."""
    dice = random.Random(name)
    found = []
    for day in (start + timedelta(days=place) for place in range(days)):
        usual = sum(intensity(midnight(day) + timedelta(hours=hour)) for hour in range(24)) / 24
        expected = mean * usual * tide(day, name, 3) * surge(day, name, 3)
        found.append(float(max(0, round(dice.gauss(expected, math.sqrt(expected))))))
    return found


def test_in_the_simulators_seasons_the_interval_holds_and_the_straight_line_is_beaten() -> None:
    start = date(2025, 8, 1)
    means = {
        f"{name}{number}": mean for name, mean in zip("abcd", (6.0, 25.0, 90.0, 300.0), strict=True) for number in "123"
    }
    found = score(
        one
        for name, mean in means.items()
        for one in trials(months(_season(name, mean, 200, start), start), Allowance())
    )
    assert found.trials > 600
    assert found.coverage == pytest.approx(0.8, abs=0.07)
    assert (found.error or 1) < 0.9 * (found.line_error or 0)


def test_without_a_past_nothing_is_claimed() -> None:
    assert score(trials(months([5.0] * 10, date(2026, 11, 1)), Allowance())).coverage is None
    assert score(trials(months([0.0] * 60, date(2026, 9, 1)), Allowance())).error is None
