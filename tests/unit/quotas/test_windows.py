"""When a quota begins and comes back: months have the length that they have, and no reset drifts."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.quotas.catalogue.records import Provider, default_providers
from data.quotas.catalogue.windows import anchor_of, window_at, window_start

UNIX = next(each for each in default_providers() if each.reset == "unix")
ANNIVERSARY = UNIX.model_copy(update={"reset": "anniversary", "reset_day": 28})
CALENDAR = UNIX.model_copy(update={"reset": "calendar"})
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 — the strategy adds the zone


def day(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "now", "start", "end"),
    [
        ("2026-01-31", "2026-01-15", "2025-12-31", "2026-01-31"),
        ("2026-01-31", "2026-02-10", "2026-01-31", "2026-02-28"),
        ("2026-01-31", "2026-03-10", "2026-02-28", "2026-03-31"),
        ("2024-01-31", "2024-02-29", "2024-02-29", "2024-03-31"),
        ("2026-03-31", "2026-03-01", "2026-02-28", "2026-03-31"),
        ("2026-05-30", "2026-05-30", "2026-05-30", "2026-06-30"),
        ("2026-12-29", "2027-02-28", "2027-02-28", "2027-03-29"),
        ("2026-01-15", "2026-01-14", "2025-12-15", "2026-01-15"),
        ("2025-01-31", "2026-11-27", "2026-10-31", "2026-11-30"),
    ],
)
def test_a_reset_late_in_a_month_keeps_its_day(told: str, now: str, start: str, end: str) -> None:
    assert window_at(UNIX, day(now), day(told)) == (day(start), day(end))


@pytest.mark.parametrize(
    ("provider", "now", "start", "end"),
    [
        (CALENDAR, "2026-02-28T23:59:59", "2026-02-01", "2026-03-01"),
        (CALENDAR, "2026-12-31T12:00", "2026-12-01", "2027-01-01"),
        (ANNIVERSARY, "2026-03-01", "2026-02-28", "2026-03-28"),
        (ANNIVERSARY, "2026-03-28", "2026-03-28", "2026-04-28"),
    ],
)
def test_the_catalogue_s_own_resets(provider: Provider, now: str, start: str, end: str) -> None:
    assert window_at(provider, day(now)) == (day(start), day(end))


@given(told=MOMENTS, ahead=st.lists(st.integers(0, 60), min_size=2, max_size=12))
def test_every_reset_is_the_anchor_s_day_or_the_last_of_a_shorter_month(told: datetime, ahead: list[int]) -> None:
    now, ends = told - timedelta(days=1), []
    for days in ahead:
        now += timedelta(days=days)
        start, end = window_at(UNIX, now, told)
        assert end is not None
        assert start <= now < end or told > now
        for edge in (start, end):
            assert edge.day == min(told.day, monthrange(edge.year, edge.month)[1])
            assert edge.timetz() == told.timetz()
        assert 28 <= (end - start).days <= 31
        ends.append(end)
    assert ends == sorted(ends)


@given(told=MOMENTS, months=st.integers(0, 40))
def test_windows_follow_each_other_without_a_gap(told: datetime, months: int) -> None:
    now = told
    for _ in range(months):
        _, end = window_at(UNIX, now, told)
        assert end is not None
        assert window_at(UNIX, end, told)[0] == end
        now = end


@given(told=MOMENTS, at=MOMENTS)
def test_the_window_of_a_past_moment_began_on_the_anchor_s_day(told: datetime, at: datetime) -> None:
    start = window_start(UNIX, at, told)
    assert start <= at < start + timedelta(days=31)
    assert start.day == min(told.day, monthrange(start.year, start.month)[1])


def test_a_reset_that_the_anchor_foresaw_leaves_it_alone() -> None:
    january = day("2026-01-31")
    assert anchor_of(day("2026-02-28"), january) == january
    assert anchor_of(day("2026-04-30"), january) == january
    assert anchor_of(day("2026-02-27"), january) == day("2026-02-27")
    assert anchor_of(january, None) == january
