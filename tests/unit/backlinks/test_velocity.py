"""Forecast and change points on series whose answer is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.backlinks.analysis.velocity import change_points, forecast, weekly_mean

START = "2026-01-01"


def days(values: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"new": values}, index=pd.date_range(START, periods=len(values), freq="D"))


def test_the_seven_day_net_is_the_mean_of_what_there_is() -> None:
    assert weekly_mean(np.array([7.0, 1, 1, 1, 1, 1, 1, 8])) == pytest.approx([7, 4, 3, 2.5, 2.2, 2, 13 / 7, 2])


def test_a_level_that_stays_is_forecast_to_stay_without_a_doubt() -> None:
    ahead = forecast(np.full(90, 12.0))
    assert ahead is not None
    assert ahead.mean == pytest.approx([12] * 14)
    assert ahead.high == pytest.approx(ahead.low)


def test_the_interval_widens_with_the_noise_of_the_past_and_never_narrows_ahead() -> None:
    ahead = forecast(np.random.default_rng(7).poisson(50, 200).astype(float))
    assert ahead is not None
    widths = ahead.high - ahead.low
    assert widths[0] > 0
    assert (np.diff(widths) >= 0).all()


def test_too_short_a_past_is_no_ground_for_a_forecast() -> None:
    assert forecast(np.full(40, 3.0)) is None


def test_a_step_is_found_on_its_day_and_says_how_large_it_was() -> None:
    noise = np.random.default_rng(3)
    [point] = change_points(days([*noise.poisson(40, 40), *noise.poisson(90, 30)]), "new")
    assert point.day.isoformat() == "2026-02-10"
    assert point.ratio == pytest.approx(90 / 40, rel=0.1)


@pytest.mark.parametrize("seed", range(8))
def test_noise_and_weekends_alone_are_no_change(seed: int) -> None:
    weekday = np.resize([1, 1, 1, 1, 1, 0.4, 0.4], 91)
    assert change_points(days(list(np.random.default_rng(seed).poisson(60 * weekday))), "new") == []
