from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from components.kit.ranges import LONGEST, moment, span

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("now", NOW),
        ("now-6h", NOW - timedelta(hours=6)),
        ("now-30d", NOW - timedelta(days=30)),
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T06:00:00+02:00", datetime(2026, 11, 1, 4, tzinfo=UTC)),
        ("1763640000000", datetime(2025, 11, 20, 12, tzinfo=UTC)),
    ],
)
def test_an_address_says_a_moment_in_three_ways(words: str, expected: datetime) -> None:
    assert moment(words, NOW) == expected


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("now/m", datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 20, 12, 0, 59, 999000, tzinfo=UTC)),
        ("now/h", datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 20, 12, 59, 59, 999000, tzinfo=UTC)),
        ("now/d", datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, 23, 59, 59, 999000, tzinfo=UTC)),
        ("now-1d/d", datetime(2026, 11, 19, tzinfo=UTC), datetime(2026, 11, 19, 23, 59, 59, 999000, tzinfo=UTC)),
        ("now/w", datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 11, 22, 23, 59, 59, 999000, tzinfo=UTC)),
        ("now/M", datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 30, 23, 59, 59, 999000, tzinfo=UTC)),
        ("now/Q", datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        ("now-1y/y", datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
    ],
)
def test_a_rounded_moment_is_the_first_of_its_unit_or_the_last(words: str, first: datetime, last: datetime) -> None:
    assert moment(words, NOW) == first
    assert moment(words, NOW, end=True) == last


def test_yesterday_is_a_range() -> None:
    first, last = span("now-1d/d", "now-1d/d", NOW)
    assert (first.date(), last.date()) == (datetime(2026, 11, 19, tzinfo=UTC).date(),) * 2


@pytest.mark.parametrize(
    "words", ["now/x", "now/", "", "yesterday", "now-", "now-5x", "99999999999999", "2026-13-01", "now-99999d", "\x00"]
)
def test_words_that_mean_no_moment_are_none(words: str) -> None:
    assert moment(words, NOW) is None


def test_a_range_without_words_is_the_last_thirty_days() -> None:
    assert span(None, None, NOW) == (NOW - timedelta(days=30), NOW)
    assert span("nonsense", "nonsense", NOW) == (NOW - timedelta(days=30), NOW)


def test_a_range_the_wrong_way_round_is_turned() -> None:
    assert span("now", "now-7d", NOW) == (NOW - timedelta(days=7), NOW)


@pytest.mark.parametrize("words", ["0001-01-01", "9999-12-31", "9999999999999"])
def test_a_range_beyond_all_data_is_cut(words: str) -> None:
    first, last = span(words, words, NOW)
    assert datetime(1999, 12, 31, tzinfo=UTC) < first <= last <= NOW


def test_a_range_is_never_longer_than_ten_years() -> None:
    first, last = span("1900-01-01", "now", NOW)
    assert last - first == LONGEST
