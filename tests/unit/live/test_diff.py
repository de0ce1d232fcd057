"""A delta is right when the state a client makes of it is the state the publisher had."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from data.live.diff import diff, merge, same

numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
scalars = st.booleans() | numbers | words
values = st.recursive(
    scalars | st.lists(scalars | st.none(), max_size=4),
    lambda inner: st.dictionaries(words, inner, max_size=4) | st.lists(inner, max_size=3),
    max_leaves=20,
)
states = st.dictionaries(words, values, max_size=5)


@st.composite
def neighbours(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two states that have most in common, as two seconds of the wall have."""
    old = draw(states)
    new = deepcopy(old)
    for key in draw(st.lists(st.sampled_from(sorted(old)), max_size=2)) if old else []:
        new.pop(key, None)
    return old, new | draw(states)


@given(states, states)
def test_it_turns_any_state_into_any_other(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert same(merge(old, diff(old, new)), new)


@given(neighbours())
def test_it_turns_a_state_into_its_neighbour_also_after_a_journey_as_json(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    old, new = pair
    patch = orjson.loads(orjson.dumps(diff(old, new)))
    assert orjson.loads(orjson.dumps(merge(old, patch))) == orjson.loads(orjson.dumps(new))


@given(states)
def test_it_says_nothing_where_nothing_changed(state: dict[str, Any]) -> None:
    assert diff(state, deepcopy(state)) == {}


@given(states, states)
def test_it_leaves_both_states_as_they_were(old: dict[str, Any], new: dict[str, Any]) -> None:
    before = deepcopy((old, new))
    merge(old, diff(old, new))
    assert (old, new) == before


def test_it_names_only_the_changed_leaf_of_a_nested_object() -> None:
    old = {"jobs": {"LP-1": {"progress": 3, "target": "a"}, "LP-2": {"progress": 9}}, "depth": 4}
    new = {"jobs": {"LP-1": {"progress": 4, "target": "a"}}, "depth": 4}
    assert diff(old, new) == {"jobs": {"LP-1": {"progress": 4}, "LP-2": None}}


def test_it_sees_that_one_is_not_true() -> None:
    assert diff({"stalled": 1, "spark": [0]}, {"stalled": True, "spark": [False]}) == {
        "stalled": True,
        "spark": [False],
    }


def test_it_merges_the_examples_of_the_standard() -> None:
    assert merge({"a": "b", "b": "c"}, {"a": None}) == {"b": "c"}
    assert merge({"a": [1, 2]}, {"a": {"b": "d", "c": None}}) == {"a": {"b": "d"}}
    assert merge({"e": None}, {"a": 1}) == {"e": None, "a": 1}
    assert merge([1, 2], {"a": "b", "c": None}) == {"a": "b"}
    assert merge({}, {"a": {"bb": {"ccc": None}}}) == {"a": {"bb": {}}}
