"""What is spent of what is asked for, once only the last fifth of a quota is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.quotas.forecast.distribution import Curve
from data.quotas.forecast.history import History, build_history
from data.quotas.forecast.reserve import Reserve, asked_for

NOVEMBER = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reserve", "asked", "spent"),
    [
        (Reserve(100, 0, 0.1), 80, 80),  # all of it is let through
        (Reserve(100, 0, 0.1), 180, 90),  # a tenth of the last hundred is urgent
        (Reserve(100, 0, 0.1), 1000, 100),  # urgent queries have spent the reserve too
        (Reserve(100, 90, 0.5), 10, 5),
        (Reserve(100, 90, 0.0), 10, 0),
        (Reserve(100, 120, 0.5), 10, 0),  # more than all is gone
        (Reserve(None, 0, 0.5), 10, 10),
        (Reserve(50, 30, 1.0), 20, 20),  # only urgent ones ask: no reserve for them
    ],
)
def test_the_last_fifth_is_spent_by_urgent_queries_alone(reserve: Reserve, asked: float, spent: float) -> None:
    assert reserve.spent(asked) == pytest.approx(spent)


@given(
    limit=st.floats(0, 1e6),
    used=st.floats(0, 1e6),
    urgent=st.floats(0, 1),
    asked=st.floats(0, 1e6),
    more=st.floats(0, 1e6),
)
def test_more_asked_for_is_never_less_spent_and_never_over_the_limit(
    limit: float, used: float, urgent: float, asked: float, more: float
) -> None:
    reserve = Reserve(limit, used, urgent)
    assert 0 <= reserve.spent(asked) <= reserve.spent(asked + more) + 1e-6 <= max(0, limit - used) + 1e-3
    assert 0 <= reserve.edge(asked, asked, -1.28) <= reserve.spent(asked) <= reserve.edge(asked, asked, 1.28) + 1e-6


def test_the_reserve_is_dry_when_urgent_queries_have_come_to_it() -> None:
    assert Reserve(100, 0, 0.1).asked_when_dry == pytest.approx(80 + 200)
    assert Reserve(100, 0, 0.0).asked_when_dry is None
    assert Reserve(100, 100, 0.0).asked_when_dry == 0


def of(daily: list[float], begins: datetime = NOVEMBER) -> History:
    return build_history(daily, NOVEMBER + timedelta(days=len(daily)), lambda _: begins, resets=True)


def test_days_on_which_ordinary_queries_were_turned_away_count_as_the_week_before() -> None:
    known = of([10.0] * 8 + [1.0] * 5)
    assert known.used[8] == 80
    assert asked_for(known, 100) == (*[10.0] * 13,)
    assert asked_for(known, 1000) == known.daily
    assert asked_for(known, None) == known.daily


def test_a_window_begins_with_nothing_used() -> None:
    days = [5.0] * 40
    known = build_history(days, NOVEMBER + timedelta(days=10), lambda at: at.replace(day=1), resets=True)
    assert known.used[29:32] == (145, 0, 5)  # of the first of October; then the first of November
    assert known.weekday[30] == NOVEMBER.weekday()


def test_a_curve_ends_and_goes_on_as_its_last_week_did() -> None:
    curve = Curve(tuple(range(14)), tuple(float(day) for day in range(1, 15)))
    assert curve.means(16) == [*range(14), 7, 8]
    assert curve.deviation(sum(range(14)), 14) == 14
    assert curve.deviation(0, 0) == 0
