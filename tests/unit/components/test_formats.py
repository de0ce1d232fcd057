from __future__ import annotations

import math
from datetime import UTC, datetime

import pytest

from components.kit import formats
from tests.scripts import ask


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (1247, "1,247"), (1_843_211, "1,843,211"), (-3, "−3"), (2.5, "3"), (None, "–"), (math.nan, "–")],
)
def test_whole_numbers_are_grouped_and_never_nan(value: float | None, words: str) -> None:
    assert formats.whole(value) == words


@pytest.mark.parametrize(("value", "words"), [(0.04, "0.0"), (-0.04, "0.0"), (12.34, "12.3"), (-1234.5, "−1,234.5")])
def test_a_decimal_shows_one_place_and_no_negative_zero(value: float, words: str) -> None:
    assert formats.decimal(value) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.9, "59 s"), (200, "3 min 20 s"), (14_700, "4 h 05 min"), (183_600, "2 d 03 h"), (-5, "0 s")],
)
def test_a_duration_reads_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert formats.duration(seconds) == words


@pytest.mark.parametrize(("seconds", "words"), [(59, "59 s"), (61, "1 min"), (7200, "2 h"), (200_000, "2 d")])
def test_an_age_reads_in_one_unit(seconds: float, words: str) -> None:
    assert formats.age(seconds) == words


def test_a_moment_reads_in_utc_and_a_missing_one_as_a_dash() -> None:
    assert formats.moment(datetime(2026, 11, 20, 23, 41, 8, tzinfo=UTC)) == "2026-11-20 23:41:08 Z"
    assert formats.moment(None) == "–"


def test_any_number_reads_the_same_in_the_browser() -> None:
    halves = [number / 20 for number in range(-400, 400)]
    numbers = [*halves, *(7**power / 11 for power in range(16)), 59.999, 3599.5, 86_399.9, -0.0]
    says = {
        "int": formats.whole,
        "decimal": formats.decimal,
        "percent": formats.percent,
        "duration": formats.duration,
        "age": formats.age,
    }
    for form, say in says.items():
        there = ask("formats", "format", [(number, form) for number in numbers])
        assert {number: words for number, words in zip(numbers, there, strict=True) if words != say(number)} == {}, form
