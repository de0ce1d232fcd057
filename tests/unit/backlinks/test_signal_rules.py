"""When a day of links is out of the ordinary."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.backlinks.signals import rules

DAY = date(2026, 6, 17)


def history(usual: int, days: int, today: int) -> dict[date, int]:
    return {DAY - timedelta(days=back): usual for back in range(1, days + 1)} | {DAY: today}


@pytest.mark.parametrize(
    ("usual", "days", "today", "surges"),
    [
        (10, 30, 51, True),
        (10, 30, 50, False),  # not more than fifty
        (20, 30, 60, False),  # not more than three times
        (20, 30, 61, True),
        (0, 0, 5000, False),  # nobody knows what is ordinary
        (10, 6, 500, False),
        (10, 7, 500, True),
    ],
)
def test_a_surge_is_more_than_fifty_and_more_than_three_times_the_median(
    usual: int, days: int, today: int, *, surges: bool
) -> None:
    assert (rules.surge(history(usual, days, today), DAY) is not None) == surges


def test_days_without_a_link_count() -> None:
    sparse = {DAY - timedelta(days=back): 30 for back in range(2, 29, 2)} | {DAY: 60}
    found = rules.surge(sparse, DAY)
    assert found is not None
    assert found.median <= 15


@pytest.mark.parametrize(
    ("usual", "today", "found"), [(100, 130, True), (100, 119, False), (100, 100, False), (2, 4, False)]
)
def test_an_index_update_is_a_jump_of_most_targets_at_once(usual: int, today: int, *, found: bool) -> None:
    targets = {f"t{n}": history(usual, 40, today) for n in range(8)}
    assert (rules.index_update(targets, DAY) is not None) == found
    assert rules.index_update(dict(list(targets.items())[:4]), DAY) is None, "four targets say nothing"


def test_one_target_that_jumps_is_no_index_update_and_no_weekend_is_one_either() -> None:
    targets = {f"t{n}": history(100, 40, 100) for n in range(8)}
    targets["t0"][DAY] = 2000
    assert rules.index_update(targets, DAY) is None
    weekly = {
        f"t{n}": {DAY - timedelta(days=back): 200 if back % 7 == 0 else 100 for back in range(41)} for n in range(8)
    }
    assert rules.index_update(weekly, DAY) is None, "every Wednesday is like that"


@given(
    st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from(["burst", "share", "anchors"])
)
def test_the_score_runs_from_0_to_100_and_more_evidence_never_lowers_it(
    burst: float, share: float, anchors: float, endings: float, worse: str
) -> None:
    found = rules.influx(burst, share, anchors, endings)
    assert 0 <= found.score <= 100
    more = rules.influx(
        burst * 2 + 1 if worse == "burst" else burst,
        1 if worse == "share" else share,
        1 if worse == "anchors" else anchors,
        endings,
    )
    assert more.score >= found.score


def test_a_flood_needs_spam_a_share_of_it_and_a_burst() -> None:
    counts = history(100, 40, 900)
    assert rules.may_be_influx(counts, DAY, 900, 800)
    assert not rules.may_be_influx(counts, DAY, 900, 200)
    assert not rules.may_be_influx(counts, DAY, 290, 200)
    assert not rules.may_be_influx(counts, DAY, 45, 45)
    assert rules.may_be_influx({}, DAY, 800, 800), "also to a target without a past"
