from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from clients.simulator.seasonality import INDEX_UPDATE_EVERY, flood, intensity, minute_weights, spam_attack, surge, tide

WEDNESDAY = datetime(2026, 11, 18, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, tzinfo=UTC)
DAYS = [date(2026, 8, 1) + timedelta(days=n) for n in range(120)]


def test_it_is_busier_by_day_than_by_night() -> None:
    assert intensity(WEDNESDAY.replace(hour=15)) > 2 * intensity(WEDNESDAY.replace(hour=3))


def test_it_is_busier_in_the_week_than_on_sunday() -> None:
    assert intensity(WEDNESDAY.replace(hour=11)) > 1.5 * intensity(SUNDAY.replace(hour=11))


def test_it_never_jumps_from_one_minute_to_the_next_within_a_day() -> None:
    day = [intensity(WEDNESDAY + timedelta(minutes=n)) for n in range(1440)]

    assert max(abs(after - before) for before, after in itertools.pairwise(day)) < 0.01


def test_it_spreads_a_day_over_all_its_minutes() -> None:
    weights = minute_weights(2)

    assert len(weights) == 1440
    assert all(after > before for before, after in itertools.pairwise(weights))


def test_it_lets_every_target_jump_on_an_index_update() -> None:
    update = next(day for day in DAYS if day.toordinal() % INDEX_UPDATE_EVERY == 7)

    assert {surge(update, name, 7) for name in ("acme.io", "wayne.co")} == {2.1}


def test_it_bursts_now_and_then_and_not_every_day() -> None:
    bursts = [day for day in DAYS if surge(day, "acme.io", 7) > 2.5]

    assert 0 < sum(surge(day, name, 7) > 2 for day in DAYS for name in ("acme.io", "wayne.co", "hooli.xyz")) < 40
    assert len(bursts) < 20


def test_it_floods_with_spam_for_three_days_at_a_time() -> None:
    attacks = [day for day in DAYS for name in ["globex.net"] if spam_attack(day, name, 7) > 0.5]

    assert len(attacks) < len(DAYS) / 3
    assert all(spam_attack(day, "globex.net", 7) in (0.045, 0.74) for day in DAYS)
    assert all((flood(day, "globex.net", 7) > 3) == (day in attacks) for day in DAYS)


@pytest.mark.parametrize("name", ["acme.io", "globex.net", "wayne.co"])
def test_it_swells_slowly_and_stays_in_bounds(name: str) -> None:
    tides = [tide(day, name, 7) for day in DAYS]

    assert 0.55 < min(tides) <= max(tides) < 1.45
    assert max(abs(after - before) for before, after in itertools.pairwise(tides)) < 0.05
