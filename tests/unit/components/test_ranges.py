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
    "words", ["", "yesterday", "now-", "now-5x", "99999999999999", "2026-13-01", "now-99999d", "\x00"]
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
