"""Numbers read as people say them."""

from __future__ import annotations

import pytest

from data.quantities import amount, count


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [(0, "day", "0 days"), (1, "day", "1 day"), (12_000, "day", "12,000 days"), (3, "query", "3 queries")],
)
def test_what_is_counted_stands_in_its_number(number: int, noun: str, words: str) -> None:
    assert count(number, noun) == words


@pytest.mark.parametrize(
    ("number", "unit", "words"),
    [
        ("1", "searches", "1 search"),
        ("25", "searches", "25 searches"),
        ("1", "credits", "1 credit"),
        ("0.5", "units", "0.5 units"),
        ("1", "queries", "1 query"),
    ],
)
def test_one_of_a_unit_is_not_many(number: str, unit: str, words: str) -> None:
    assert amount(number, unit) == words
