"""What asking prices teach: no value where too little is known, a pull to the prices of others, bands that hold."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.domains.rules import ENOUGH, FACTORS, USUAL_WEIGHTS, Known, unicode_name, value
from data.domains.valuation.price_curve import (
    ENOUGH_PRICES,
    GUESS,
    MOST,
    PROMISE,
    Price,
    PriceCurve,
    backtest,
    calibrate,
    differs,
    estimate,
    money,
    points,
    promise,
)

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
HIDDEN = {
    "authority": {"authority": None},
    "referring_domains": {"referring_domains": None},
    "link_authority": {"link_authority": None},
    "cleanliness": {"spam_share": None},
    "age": {"registered_at": None},
}


def market(seed: int, size: int = 300, noise: float = 8.0, known: float = 1.0) -> list[Price]:
    """Domains whose prices follow authority and referring domains, and chance."""
    roll = random.Random(seed)
    found = []
    for _ in range(size):
        scores = {name: roll.uniform(0, 100) for name in FACTORS}
        price = 20 + 0.4 * scores["authority"] + 0.2 * scores["referring_domains"] + roll.gauss(0, noise)
        found.append(Price({name: x if roll.random() < known else None for name, x in scores.items()}, price))
    return found


TAUGHT = calibrate(market(1), USUAL_WEIGHTS)


@pytest.mark.parametrize(
    ("known", "share"),
    [
        (Known("example.com"), 0.05),
        (Known("example.com", spam_share=0.0), 0.20),
        (Known("example.com", registered_at=NOW), 0.15),
        (Known("example.com", referring_domains=9), 0.30),
    ],
)
@pytest.mark.parametrize("register", [GUESS, TAUGHT])
def test_below_the_stated_knowledge_there_is_no_value_only_what_is_missing(
    known: Known, share: float, register: PriceCurve
) -> None:
    found = value(known, USUAL_WEIGHTS, NOW, register)
    assert found.known == share < ENOUGH
    assert (found.value, found.low, found.high, found.score) == (None, None, None, None)
    assert f"{share:.0%} of the weights, and {ENOUGH:.0%} are needed" in found.why
    assert "Authority" in found.missing
    assert len(found.missing) == sum(factor.score is None for factor in found.factors)


@pytest.mark.parametrize("register", [GUESS, TAUGHT])
@pytest.mark.parametrize("hidden", HIDDEN)
def test_what_is_not_known_widens_the_band(register: PriceCurve, hidden: str) -> None:
    whole = value(GOOD, USUAL_WEIGHTS, NOW, register)
    less = value(replace(GOOD, **HIDDEN[hidden]), USUAL_WEIGHTS, NOW, register)
    assert whole.high is not None
    assert less.high is not None
    assert less.high / less.low > whole.high / whole.low  # type: ignore[operator]


@pytest.mark.parametrize("hidden", ["authority", "referring_domains"])
def test_what_is_not_known_pulls_to_the_prices_of_others(hidden: str) -> None:
    best, worst = dict.fromkeys(FACTORS, 100.0), dict.fromkeys(FACTORS, 0.0)
    for scores in (best, worst):
        less = {**scores, hidden: None}
        far = abs(estimate(scores, USUAL_WEIGHTS, TAUGHT).points - TAUGHT.price)
        near = abs(estimate(less, USUAL_WEIGHTS, TAUGHT).points - TAUGHT.price)
        assert near < far
    nothing = dict.fromkeys(FACTORS, None)
    assert estimate(nothing, USUAL_WEIGHTS, TAUGHT).points == pytest.approx(TAUGHT.price)
    assert estimate(nothing, USUAL_WEIGHTS, TAUGHT).reach >= TAUGHT.far


@pytest.mark.parametrize("known", [1.0, 0.8, 0.6])
@pytest.mark.parametrize("noise", [2.0, 8.0, 25.0])
def test_the_band_holds_what_it_promises(noise: float, known: float) -> None:
    """On domains that taught it nothing."""
    taught, asked = market(2, noise=noise, known=known), market(3, noise=noise, known=known)
    register = calibrate(taught, USUAL_WEIGHTS)
    found = [(estimate(each.scores, USUAL_WEIGHTS, register), each.points) for each in asked]
    held = sum(abs(price - each.points) <= each.reach for each, price in found) / len(found)
    assert register.held is not None
    assert register.held >= PROMISE
    assert held >= PROMISE - 0.07
    if known == 1.0 and noise > 2:  # a band is never narrower than anybody can know
        assert held <= PROMISE + 0.1


@pytest.mark.parametrize(
    "hidden", [(), ("authority",), ("age", "cleanliness"), ("link_authority", "referring_domains")]
)
def test_a_backtest_leaves_each_price_out_and_holds_with_factors_hidden(hidden: tuple[str, ...]) -> None:
    found = backtest(market(4, 200), USUAL_WEIGHTS, hidden=hidden)
    assert found.tried == 200
    assert found.held >= PROMISE - 0.05
    assert found.times > 1


def test_too_few_prices_teach_nothing_and_say_so() -> None:
    few = calibrate(market(5, ENOUGH_PRICES - 1), USUAL_WEIGHTS)
    assert replace(few, asked=0) == GUESS
    assert promise(few) == "The band is a guess: only 29 asking prices are stored; 30 are needed to measure it."
    assert promise(TAUGHT).startswith("The band is made to hold 80% of asking prices; it held 8")
    assert differs(few, TAUGHT)
    assert not differs(TAUGHT, TAUGHT)


@pytest.mark.parametrize("price", [["0.01"], ["0.01", "999999999999.99"], ["5"], ["999999999999.99"]])
def test_prices_of_any_size_leave_a_band(price: list[str]) -> None:
    rows = [Price(dict.fromkeys(FACTORS, 50.0), points(Decimal(price[n % len(price)]))) for n in range(40)]
    found = value(GOOD, USUAL_WEIGHTS, NOW, calibrate(rows, USUAL_WEIGHTS))
    assert Decimal("0.5") < found.low < found.value < found.high <= money(MOST)  # type: ignore[operator]


SCORES = st.fixed_dictionaries({name: st.none() | st.floats(0, 100) for name in FACTORS})
PRICES = st.lists(st.builds(Price, SCORES, st.floats(-25, 250)), min_size=ENOUGH_PRICES, max_size=40)
WEIGHTS = st.fixed_dictionaries({name: st.floats(0, 100) for name in FACTORS}).filter(lambda each: each["name"] > 0.01)


@given(prices=PRICES, weights=WEIGHTS, scores=SCORES)
def test_any_register_gives_a_band_around_its_value_that_hiding_never_narrows(
    prices: list[Price], weights: dict[str, float], scores: dict[str, float | None]
) -> None:
    register = calibrate(prices, weights)
    found = estimate(scores, weights, register)
    assert money(found.points - found.reach) < money(found.points) < money(found.points + found.reach)
    for name in FACTORS:
        assert estimate({**scores, name: None}, weights, register).reach >= found.reach - 1e-9


@given(prices=PRICES, weights=WEIGHTS, scores=SCORES, name=st.sampled_from(list(FACTORS)))
def test_a_better_factor_never_lowers_the_value(
    prices: list[Price], weights: dict[str, float], scores: dict[str, float | None], name: str
) -> None:
    register = calibrate(prices, weights)
    low, high = ({**scores, name: score} for score in (10.0, 90.0))
    assert estimate(low, weights, register).points <= estimate(high, weights, register).points + 1e-9


@pytest.mark.parametrize(
    ("ascii_name", "typed"),
    [
        ("xn--mnchen-3ya.de", "münchen.de"),
        ("xn--fa-hia.example", "faß.example"),
        ("xn--i-7iq.ws", "i❤.ws"),
        ("acme.io", "acme.io"),
        ("xn--.com", "xn--.com"),
        ("xn--zzzzzzzzzzz99999.com", "xn--zzzzzzzzzzz99999.com"),
    ],
)
def test_a_name_as_people_type_it(ascii_name: str, typed: str) -> None:
    assert unicode_name(ascii_name) == typed


@given(name=st.from_regex(r"(xn--)?[a-z0-9-]{1,20}\.[a-z]{2,6}", fullmatch=True))
def test_any_name_can_be_shown(name: str) -> None:
    assert unicode_name(name).isprintable()


def test_a_name_in_another_script_is_judged_by_its_own_letters() -> None:
    [name] = [each for each in value(Known("xn--mnchen-3ya.de"), USUAL_WEIGHTS, NOW).factors if each.name == "name"]
    assert name.why == "7 characters, .de"
    assert name.score is not None
    assert name.score > 50
