"""What could be spent better, and what it is worth: money is exact to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from components.quotas import tables
from data.quotas.forecast.recommendations import Spending, recommend

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DEAR = Spending(
    provider="serp",
    unit="credits",
    query_types=("search",),
    state="active",
    calls=10,
    credits=Decimal(45),
    cheapest=Decimal(1),
    usual=Decimal(1),
    expected_over=Decimal(0),
    room=None,
    ends=None,
    unit_price=Decimal("0.001"),
)


@pytest.mark.parametrize(
    ("price", "dollars"),
    [
        ("0.001", "0.04"),  # halves of a cent are rounded up
        ("0.0109", "0.38"),
        ("0.2", "7.00"),
        ("999999.999999", "35000000.00"),
        ("0", "0.00"),
    ],
)
def test_a_saving_is_worth_its_credits_to_the_cent(price: str, dollars: str) -> None:
    (found,) = recommend([replace(DEAR, unit_price=Decimal(price))], NOW)
    assert (found.credits, str(found.usd)) == (35, dollars)


def test_a_saving_that_floats_would_round_down_is_rounded_up() -> None:
    (found,) = recommend([replace(DEAR, credits=Decimal("17.5"), unit_price=Decimal("0.01"))], NOW)
    assert round(7.5 * 0.01, 2) == 0.07
    assert found.usd == Decimal("0.08")


def test_what_has_no_price_has_no_worth() -> None:
    (found,) = recommend([replace(DEAR, unit_price=None)], NOW)
    assert found.usd is None


def test_what_one_is_short_of_another_lends_by_the_price_of_a_call() -> None:
    short = replace(DEAR, credits=Decimal(10), expected_over=Decimal(100))
    other = replace(short, provider="other", expected_over=Decimal(0), room=Decimal(30), usual=Decimal(3))
    (found,) = recommend([short, other], NOW)
    assert (found.provider, found.credits, found.usd) == ("serp", 10, Decimal("0.01"))


def test_what_lapses_soon_is_named_and_what_lasts_is_not() -> None:
    lapsing = replace(DEAR, credits=Decimal(10), room=Decimal("7.5"), ends=NOW + timedelta(days=9))
    assert [(one.credits, one.usd) for one in recommend([lapsing], NOW)] == [(Decimal("7.5"), Decimal("0.01"))]
    assert recommend([replace(lapsing, ends=NOW + timedelta(days=10))], NOW) == []


def test_the_page_says_credits_and_dollars_of_a_saving() -> None:
    dear, lapsing = DEAR, replace(DEAR, provider="dns", credits=Decimal(10), room=Decimal(1250), ends=NOW)
    drawn = str(tables.savings(recommend([dear, lapsing, replace(dear, provider="free", unit_price=None)], NOW)))
    for words in ("1,250 credits", "$1.25", "35 credits", "$0.04", "–"):
        assert words in drawn
