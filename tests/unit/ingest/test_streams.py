"""Rows against their stream's model: whatever stands in a field, a row is either storable or refused by that field."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from data import fields
from data.ingest import parse, store
from data.ingest.streams import streams

NOW = datetime.now(UTC)
GOOD: dict[str, dict[str, Any]] = {
    "backlinks": {"url_from": "https://a.example/", "url_to": "https://b.example/"},
    "page_visits": {"url": "https://a.example/", "fetched_at": "2026-01-01T00:00:00Z"},
    "competitor_sets": {"name": "us", "own_domain": "b.example", "members": ["c.example"]},
    "domains": {"domain_name": "b.example"},
    "brand_mentions": {"brand": "Acme", "url": "https://a.example/news", "title": "Acme grows"},
    "satellite_performance": {"satellite_id": "S", "pages_per_minute": 1, "success_rate": 1, "response_time_ms": 1},
    "api_usage": {"provider": "serpstack", "query_type": "search"},
    "missions": {
        "job_id": "LP-1",
        "job_type": "crawl",
        "status": "completed",
        "target_url": "https://b.example/",
        "created_date": "2026-01-01T00:00:00Z",
    },
}
UNSTORABLE: list[Any] = [
    "\ud800",
    {"\ud800": 1},
    ["\ud800", 10**30],
    [{"a": "\x00"}],
    {"\x00": 1},
    [math.nan],
    {"a": [-math.inf]},
    "x" * 9000,
]
# Everything that JSON as Python writes it can hold: NaN, Infinity, endless integers, lone surrogates, NUL.
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["\x00", "\ud800", "x" * 3000, "20000-01-01", "infinity", "1e400", "https://x/", 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def names(stream: str) -> list[str]:
    return [*streams()[stream].row.model_fields, "another"]


def ok(stream: str, rows: list[dict[str, Any]]) -> tuple[list[Any], parse.Rejected]:
    """The rows that pass, having gone the whole way from a body to the values for COPY."""
    found, rejected = parse.rows(json.dumps(rows).encode(), lines=False)
    passed = store.check(streams()[stream], found, rejected)
    for row in passed:
        for value in row.values():
            str(value).encode()  # what COPY will be asked to write
            assert "\x00" not in str(value)
            assert "\\u0000" not in str(value)
    return passed, rejected


@pytest.mark.parametrize("stream", streams())
@settings(max_examples=300)
@given(data=st.data())
def test_a_field_holds_something_storable_or_its_row_alone_is_refused(stream: str, data: st.DataObject) -> None:
    spoil = data.draw(st.dictionaries(st.sampled_from(names(stream)), anything, min_size=1, max_size=2))
    passed, rejected = ok(stream, [GOOD[stream], GOOD[stream] | spoil, GOOD[stream]])
    assert set(rejected) <= {1}
    assert len(passed) + len(rejected) == 3
    assert all(isinstance(error["msg"], str) and len(error["msg"]) <= 300 for error in rejected.get(1, []))
    assert json.dumps(rejected)


@pytest.mark.parametrize("stream", streams())
@given(row=anything)
def test_a_row_may_be_any_json_at_all(stream: str, row: Any) -> None:
    passed, rejected = ok(stream, [row, GOOD[stream]])
    assert len(passed) + len(rejected) == 2


@pytest.mark.parametrize("stream", streams())
def test_every_required_field_is_named_when_it_is_missing(stream: str) -> None:
    for name in GOOD[stream]:
        without = {other: value for other, value in GOOD[stream].items() if other != name}
        _, rejected = ok(stream, [without])
        assert [error["loc"] for error in rejected[0]] == [[name]]


@pytest.mark.parametrize("stream", streams())
def test_a_row_has_as_many_values_as_its_stage_has_columns(stream: str) -> None:
    (row,), _ = ok(stream, [GOOD[stream]])
    assert len(row.values()) == len(streams()[stream].row.columns())


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05+02:00", datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04:05", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02", datetime(2026, 1, 2, tzinfo=UTC)),
        (1767323045, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (1767323045000, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
    ],
)
def test_a_moment_without_a_zone_is_utc_and_numbers_are_epochs(sent: object, moment: datetime) -> None:
    assert TypeAdapter(fields.Moment).validate_python(sent) == moment


@pytest.mark.parametrize(
    "sent", [NOW + timedelta(hours=6), "1989-12-31", "2026-13-01", "infinity", "now", "", -1e18, 1e18, True, None, []]
)
def test_a_moment_is_a_real_one_and_not_in_the_future(sent: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(fields.Moment).validate_python(sent)


@pytest.mark.parametrize(("depth", "taken"), [(1, True), (14, True), (16, False), (300, False)])
def test_json_may_be_nested_but_not_endlessly(*, depth: int, taken: bool) -> None:
    value: Any = 1
    for _ in range(depth):
        value = [{"a": value}] if depth < 8 else {"a": value}
    _, rejected = ok("backlinks", [GOOD["backlinks"] | {"another": value}])
    assert (rejected == {}) == taken


@pytest.mark.parametrize("stream", streams())
@pytest.mark.parametrize("value", UNSTORABLE)
def test_what_no_json_column_takes_is_refused_wherever_json_is_kept(stream: str, value: Any) -> None:
    kept = ["another", "config"] if stream == "missions" else ["another"]
    for name in kept:
        whole = {"inner": value} if name == "config" else value
        passed, rejected = ok(stream, [GOOD[stream] | {name: whole}, GOOD[stream]])
        assert (len(passed), list(rejected)) == (1, [0])


def test_one_domain_has_one_name_however_it_is_written() -> None:
    rows = [
        GOOD["backlinks"] | {"target_domain_name": "Bücher.de"},
        GOOD["backlinks"] | {"url_to": "https://www.xn--bcher-kva.de/"},
        GOOD["backlinks"] | {"url_to": "https://shop.BÜCHER.de/"},
    ]
    passed, _ = ok("backlinks", rows)
    assert {row.target_domain_name for row in passed} == {"xn--bcher-kva.de"}
    (domain,), _ = ok("domains", [{"domain_name": "BÜCHER.de"}])
    assert domain.values()[0] == "xn--bcher-kva.de"
