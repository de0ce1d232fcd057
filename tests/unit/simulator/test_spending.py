"""What the story asks of paid APIs."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from clients.simulator.history import Span, spent_on_day
from clients.simulator.spending import HABITS, TRIAL, Ask, asks
from clients.simulator.world import World, build_world

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEGINNING = NOON - timedelta(days=90)


@pytest.fixture(scope="module")
def world() -> World:
    return build_world(7, NOON)


@pytest.fixture(scope="module")
def quarter(world: World) -> list[Ask]:
    return [ask for day in range(90) for ask in asks(world, BEGINNING + timedelta(day), BEGINNING + timedelta(day + 1))]


def test_nobody_spends_more_than_a_quota_allows(quarter: list[Ask]) -> None:
    months: dict[str, Counter[str]] = defaultdict(Counter)
    for ask in quarter:
        if not ask.cached and ask.outcome == "ok":
            months[ask.provider]["trial" if ask.provider == "valueserp" else f"{ask.at:%m}"] += ask.credits
    assert set(months) == {habit.provider for habit in HABITS}
    assert all(0 < max(months[habit.provider].values()) <= habit.quota for habit in HABITS)


def test_a_trial_begins_when_somebody_signs_up(quarter: list[Ask]) -> None:
    first = min(ask.at for ask in quarter if ask.provider == "valueserp")
    assert first >= (NOON - TRIAL).replace(hour=0)


def test_weekends_are_quiet_and_so_are_nights(quarter: list[Ask]) -> None:
    paid = [ask for ask in quarter if ask.provider == "serpstack" and not ask.cached]
    days, hours = Counter(ask.at.weekday() for ask in paid), Counter(ask.at.hour for ask in paid)
    assert max(days[5], days[6]) < 0.85 * min(days[each] for each in range(5))
    assert hours[3] + hours[4] < 0.7 * (hours[14] + hours[15])


def test_what_is_asked_again_has_been_asked_before_and_costs_nothing(world: World, quarter: list[Ask]) -> None:
    known = {(ask.provider, ask.first) for ask in quarter if not ask.cached}
    again = [ask for ask in quarter if ask.cached and ask.first > BEGINNING]
    assert again
    assert all((ask.provider, ask.first) in known for ask in again)
    assert all(ask.row(world)["saved"] == ask.credits and "credits" not in ask.row(world) for ask in again)


def test_days_told_one_by_one_leave_nothing_out_and_tell_nothing_twice(world: World, quarter: list[Ask]) -> None:
    span = Span(BEGINNING, NOON)
    told = [row["event_id"] for day in span.days() for row in spent_on_day(world, day, span)]
    assert sorted(map(str, told)) == sorted(world.event("ask", ask.event) for ask in quarter)
    assert len(set(told)) == len(told)
