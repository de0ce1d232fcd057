"""What may come in can be stored; what is stored, or made of it, can always go out."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import serialization
from data.errors import BadInput

anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())  # halves of surrogate pairs included
    | st.decimals()
    | st.datetimes(timezones=st.just(UTC))
    | st.dates()
    | st.uuids()
    | st.complex_numbers(),  # JSON knows no such thing
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
)
bodies = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters()), inner, max_size=3),
)


@given(anything)
def test_whatever_there_is_can_be_answered_as_json(value: Any) -> None:
    json.loads(serialization.dumps(value), parse_constant=pytest.fail)


@given(bodies.filter(lambda value: not isinstance(value, str)))
def test_a_body_is_kept_exactly_or_refused_by_name_and_what_is_kept_goes_out_as_it_came(value: Any) -> None:
    body = json.dumps(value).encode()
    if serialization.unstorable(value, nul=True):
        with pytest.raises(BadInput) as refused:
            serialization.read(body)
        assert refused.value.errors[0]["msg"]
    else:
        assert serialization.read(body) == value
        assert serialization.loads(serialization.dumps(value)) == value


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('{"a": {"b": [1, NaN]}}', ["a", "b", 1]),
        ('{"a": Infinity}', ["a"]),
        ('{"a": -1e999}', ["a"]),
        ('{"a": 12345678901234567890123}', ["a"]),
        ('[{"a": -9223372036854775809}]', [0, "a"]),
        ('{"a": "\\ud83d"}', ["a"]),
        ('{"a": {"\\udc00": 1}}', ["a"]),
    ],
)
def test_what_cannot_be_stored_is_refused_where_it_stands(body: str, named: list[Any]) -> None:
    with pytest.raises(BadInput) as refused:
        serialization.read(body.encode())
    assert refused.value.errors[0]["loc"] == named


@pytest.mark.parametrize("number", ["18446744073709551615", "-9223372036854775808", "1e20", "1e308", "-0.0", "5e-324"])
def test_a_number_that_fits_goes_out_as_it_came(number: str) -> None:
    found = serialization.read(f'{{"n": {number}}}'.encode())
    assert json.loads(serialization.dumps(found)) == json.loads(f'{{"n": {number}}}')


def test_a_nul_is_left_to_the_field_but_no_column_takes_it() -> None:
    assert serialization.read(b'{"a": "x\\u0000"}') == {"a": "x\x00"}
    assert serialization.unstorable({"a": ["x\x00"]}) == (("a", 0), "holds a NUL character")


def test_escaped_pairs_and_a_byte_order_mark_are_read() -> None:
    assert serialization.read(b'\xef\xbb\xbf["\\ud83d\\ude00", "\\\\u0000"]') == ["😀", "\\u0000"]


def test_a_stored_number_wider_than_64_bits_is_read_as_the_float_that_it_was() -> None:
    assert serialization.loads('{"x": 100000000000000000000}') == {"x": 1e20}


def test_times_are_utc_and_money_is_text() -> None:
    value = {
        "at": datetime(2026, 3, 1, tzinfo=UTC),
        "day": date(2026, 3, 1),
        "money": Decimal("1.10"),
        "id": UUID(int=1),
    }
    assert json.loads(serialization.dumps(value)) == {
        "at": "2026-03-01T00:00:00Z",
        "day": "2026-03-01",
        "money": "1.10",
        "id": "00000000-0000-0000-0000-000000000001",
    }
    spoilt = serialization.loads(serialization.dumps(value | {"wide": 10**30, "half": "\ud800"}))
    assert (spoilt["at"], spoilt["money"]) == ("2026-03-01T00:00:00Z", "1.10")
