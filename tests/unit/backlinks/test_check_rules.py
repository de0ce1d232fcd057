"""What a look at a page means for a link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.backlinks.checks import rules

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOURS = timedelta(hours=6)


def test_a_missing_link_is_lost_only_after_the_second_look_one_interval_later() -> None:
    first = rules.step("suspected", "link_removed", 1, NOW, HOURS)
    assert first == rules.Step("suspected", "suspected", NOW + HOURS)
    second = rules.step("suspected", "not_found", 2, NOW, HOURS)
    assert (second.state, second.verdict) == ("confirmed_lost", "confirmed")


@pytest.mark.parametrize("attempt", [1, 2])
def test_a_link_that_is_there_is_cleared_at_once_and_not_looked_for_again(attempt: int) -> None:
    assert rules.step("suspected", "found", attempt, NOW, HOURS) == rules.Step("live", "cleared", None)


def test_a_lost_link_is_looked_for_ever_more_rarely_and_then_no_more() -> None:
    steps = [rules.step("confirmed_lost", "not_found", attempt, NOW, HOURS) for attempt in range(3, 8)]
    assert {step.verdict for step in steps} == {"still_lost"}
    waits = [step.next_look - NOW if step.next_look else None for step in steps]
    assert waits == [8 * HOURS, 16 * HOURS, 32 * HOURS, None, None]


def test_a_lost_link_that_is_there_again_is_recovered() -> None:
    assert rules.step("confirmed_lost", "found", 3, NOW, HOURS) == rules.Step("recovered", "recovered", None)


def test_a_simulation_waits_seconds_where_reality_waits_hours() -> None:
    assert rules.interval(21_600, simulated=False) == HOURS
    assert rules.interval(21_600, simulated=True) < timedelta(minutes=5)
    assert rules.interval(1, simulated=True) == timedelta(seconds=1)


@pytest.mark.parametrize(("confirmed", "cleared", "share"), [(0, 0, None), (3, 1, 0.75), (0, 2, 0.0), (5, 0, 1.0)])
def test_precision_is_the_share_of_settled_suspicions_that_were_right(
    confirmed: int, cleared: int, share: float | None
) -> None:
    assert rules.precision(confirmed, cleared) == share
