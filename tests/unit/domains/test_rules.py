"""The value calculator: money follows the score, the score follows what is known and the weights, and says why."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.domains.rules import ENOUGH, FACTORS, USUAL_WEIGHTS, Known, gates, value
from data.domains.valuation.price_curve import money

NOW = datetime(2026, 11, 21, tzinfo=UTC)
GOOD = Known(
    "acme.com",
    authority=60,
    referring_domains=400,
    links=900,
    link_authority=45,
    spam_share=0.03,
    registered_at=NOW - timedelta(days=365 * 12),
)
ANY_KNOWN = st.builds(
    Known,
    domain_name=st.from_regex(r"[a-z]{1,30}\.(com|xyz|dev|co\.uk)", fullmatch=True),
    authority=st.none() | st.integers(0, 100),
    referring_domains=st.none() | st.integers(0, 10**7),
    links=st.none() | st.integers(0, 10**8),
    link_authority=st.none() | st.floats(0, 100),
    spam_share=st.none() | st.floats(0, 1),
    spam_score=st.none() | st.integers(0, 100),
    registered_at=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 — the strategy adds the zone
    concerns=st.just(()) | st.just(("archive_history",)),
)
ANY_WEIGHTS = st.fixed_dictionaries({name: st.floats(0, 100) for name in FACTORS}).filter(
    lambda weights: weights["name"] > 0.01
)


@pytest.mark.parametrize(
    ("score", "amount"), [(0, "10"), (25, "100"), (50, "1000"), (75, "10000"), (100, "100000"), (60, "2500")]
)
def test_twenty_five_points_are_ten_times_the_money(score: float, amount: str) -> None:
    assert money(score) == Decimal(amount)


def test_the_score_is_the_mean_by_weight_of_what_is_known() -> None:
    only = dict.fromkeys(FACTORS, 0.0) | {"authority": 3, "cleanliness": 1}
    found = value(replace(GOOD, spam_share=0.15), only, NOW)
    assert found.score == pytest.approx((60 * 3 + 50 * 1) / 4)
    assert sum(factor.points for factor in found.factors) == pytest.approx(found.score, abs=0.1)


def test_where_nothing_that_counts_is_known_it_says_so() -> None:
    only = dict.fromkeys(FACTORS, 0.0) | {"authority": 1.0}
    found = value(Known("acme.com"), only, NOW)
    assert (found.score, found.value, found.low, found.high) == (None, None, None, None)
    assert found.why.startswith("Nothing that counts is known of it: ")


def test_what_is_not_known_widens_the_band_and_is_named() -> None:
    whole, half = value(GOOD, USUAL_WEIGHTS, NOW), value(Known("acme.com", authority=60), USUAL_WEIGHTS, NOW)
    assert whole.high / whole.low < half.high / half.low
    assert "Not known" not in whole.why
    for words in ("referring domains", "age", "clean links"):
        assert words in half.why.partition("Not known")[2]


@pytest.mark.parametrize(
    ("change", "gate"),
    [
        ({"concerns": ("archive_history",)}, "archive_history"),
        ({"spam_share": 0.3}, "link_spam"),
        ({"spam_score": 60}, "toxic"),
        ({"spam_share": 0.29, "spam_score": 59}, None),
        ({"spam_share": 0.9, "links": 9}, None),
    ],
)
def test_a_gate_rejects_and_says_why_and_does_not_lower_the_score(change: dict[str, Any], gate: str | None) -> None:
    found = value(replace(GOOD, **change), USUAL_WEIGHTS, NOW)
    assert [each.name for each in found.rejected] == ([gate] if gate else [])
    assert found.why.startswith("Not for us: ") == (gate is not None)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"authority": 70}, {"authority": 30}),
        ({"referring_domains": 900}, {"referring_domains": 3}),
        ({"link_authority": 50}, {"link_authority": 10}),
        ({"spam_share": 0.0}, {"spam_share": 0.2}),
        ({"registered_at": NOW - timedelta(days=5000)}, {"registered_at": NOW - timedelta(days=100)}),
        ({"domain_name": "acme.com"}, {"domain_name": "acme-cheap-4-free.top"}),
    ],
)
def test_what_is_better_is_worth_more(better: dict[str, Any], worse: dict[str, Any]) -> None:
    assert (
        value(replace(GOOD, **better), USUAL_WEIGHTS, NOW).value
        > value(replace(GOOD, **worse), USUAL_WEIGHTS, NOW).value
    )


@given(known=ANY_KNOWN, weights=ANY_WEIGHTS)
def test_whatever_is_known_the_value_lies_in_its_band_and_says_why(known: Known, weights: dict[str, float]) -> None:
    found = value(known, weights, NOW)
    if found.known < ENOUGH - 0.001:
        assert (found.score, found.value, found.low, found.high, found.band) == (None, None, None, None, "")
    else:
        assert found.score is not None
        assert 0 <= found.score <= 100.1
        assert None not in (found.low, found.value, found.high)
        assert 0 < found.low < found.value < found.high  # type: ignore[operator]
    assert found.why.endswith(".")
    assert {gate.name for gate in found.rejected} == {gate.name for gate in gates(known)}


@given(known=ANY_KNOWN, weights=ANY_WEIGHTS, times=st.floats(0.1, 10))
def test_only_the_proportion_of_weights_counts(known: Known, weights: dict[str, float], times: float) -> None:
    scaled = {name: weight * times for name, weight in weights.items()}
    assert value(known, scaled, NOW).score == pytest.approx(value(known, weights, NOW).score, abs=0.11)
