"""The address as the state of a page: read, written, and never in the way."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.kit import address
from components.kit.address import Address, link, parse, parts

WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20)
ADDRESSES = st.builds(
    Address,
    start=st.none() | WORDS,
    end=st.none() | WORDS,
    refresh=st.none() | st.integers(1, 60) | st.integers(1, 60).map(lambda minutes: minutes * 60),
    kiosk=st.booleans(),
    theme=st.none() | st.sampled_from(address.THEMES),
    view=st.none() | st.from_regex(r"[a-z0-9]{1,40}", fullmatch=True),
    variables=st.dictionaries(WORDS, st.lists(WORDS, min_size=1, max_size=4, unique=True).map(tuple), max_size=3),
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner, max_size=5)
)


@given(ADDRESSES)
def test_it_reads_what_it_wrote(here: Address) -> None:
    assert parse(parts(here)) == here


@given(st.dictionaries(st.sampled_from(["from", "to", "refresh", "kiosk", "theme", "view", "var-x"]), ANYTHING))
def test_no_part_makes_it_fail_and_what_it_takes_it_can_write(given_parts: dict[str, object]) -> None:
    here = parse(given_parts)
    assert parse(parts(here)) == here


@pytest.mark.parametrize("word", ["می\u200cخواهم", "\u200f", "a\nb", "👩\u200d🚀", " ", "\ufeff", "x" * 500])
def test_a_filter_is_any_text_that_people_write(word: str) -> None:
    here = parse({"var-anchor": word})
    assert (here.value("anchor"), here.refused) == (word, {})


@pytest.mark.parametrize(
    ("part", "value", "why"),
    [
        ("var-anchor", "x" * 501, "500 characters"),
        ("var-anchor", "a\x00b", "control"),
        ("var-anchor", ["fine", "\ud800"], "control"),
        ("var-target", [f"{n}.io" for n in range(51)], "50 values"),
        ("from", "x" * 61, "60 characters"),
        ("refresh", "5h", "30s"),
        ("theme", "pink", "night, day"),
        ("view", "../admin", "saved view"),
    ],
)
def test_what_is_not_taken_is_never_dropped_in_silence(part: str, value: object, why: str) -> None:
    here = parse({part: value})
    assert why in here.refused[part]
    assert parse(parts(here)).refused == here.refused


def test_it_says_what_stands_there() -> None:
    here = parse(
        {"from": "now-6h", "to": "now/d", "refresh": "30s", "kiosk": "", "theme": "day", "view": "k3f9", "job": "LP-1"}
        | {"var-target": ["acme.io", "globex.net"], "var-kind": "lost"}
    )
    assert (here.start, here.end, here.refresh, here.kiosk) == ("now-6h", "now/d", 30, True)
    assert (here.theme, here.view) == ("day", "k3f9")
    assert here.values("target") == ("acme.io", "globex.net")
    assert here.value("kind") == "lost"
    assert here.values("nobody") == ()


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("refresh", "0s"),
        ("refresh", "5h"),
        ("refresh", "500s"),
        ("theme", "pink"),
        ("view", "../admin"),
        ("view", "x" * 41),
        ("from", "\x00"),
        ("to", "x" * 301),
        ("var-x", ["", "\x7f"]),
    ],
)
def test_words_that_mean_nothing_are_as_if_they_were_not_there(part: str, value: object) -> None:
    assert parse({part: value}) == address.BARE


def test_a_link_names_the_parts_it_changes_and_those_it_takes_out() -> None:
    assert parse_qs(link(start="now-7d", view=None, var_target=["a b", "c&d"])[1:], keep_blank_values=True) == {
        "from": ["now-7d"],
        "view": [""],
        "var-target": ["a b", "c&d"],
    }
