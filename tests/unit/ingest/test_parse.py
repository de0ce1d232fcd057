"""Bodies into rows: whatever is JSON comes back as it was sent, and what is not is refused by its index alone."""

from __future__ import annotations

import contextlib
import gzip
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Malformed, TooLarge
from data.ingest import parse

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
scalars = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars | texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)
batches = st.lists(values, max_size=12)
spaces = st.sampled_from(["", " ", "\n", "\t\r\n "])
# No JSON, but with every bracket and quotation mark closed: in an array the rows around it still stand apart.
SPOILT = ("nope", "{'a': 1}", '{"a": }', '{"a" 1}', "[1 2]", "tru", "", " ", '"\\x"', "+1", "01", "{,}", '"a\nb"')
# In lines, anything at all.
SPOILT_LINES = ("nope", '{"a": 1', "]", '"', "}{", "[1, 2", '{"a": 1}}', "\x00", "{} {}", "[" * 100_000)


@given(batches, spaces, st.booleans())
def test_an_array_comes_back_as_it_was_sent(batch: list[Any], space: str, ascii_only: bool) -> None:  # noqa: FBT001 — drawn
    body = (
        space + "[" + ",".join(space + json.dumps(row, ensure_ascii=ascii_only) + space for row in batch) + "]" + space
    )
    assert parse.rows(body.encode(), lines=False) == (batch, {})


@given(batches, st.sampled_from(["\n", "\r\n", "\n\n  \n"]))
def test_lines_come_back_as_they_were_sent(batch: list[Any], ending: str) -> None:
    body = "".join(json.dumps(row, ensure_ascii=False) + ending for row in batch)
    assert parse.rows(body.encode(), lines=True) == (batch, {})
    assert parse.rows(body.rstrip().encode(), lines=True) == (batch, {})


@given(batches, spaces)
def test_the_slow_way_reads_what_the_fast_way_reads(batch: list[Any], space: str) -> None:
    body = "[" + ("," + space).join(json.dumps(row, ensure_ascii=False) for row in batch) + "]"
    assert parse._read_each(parse._cut(body.encode())) == (batch, {})


@given(st.lists(values, min_size=1, max_size=12), st.data())
def test_in_an_array_exactly_the_spoilt_rows_are_refused(batch: list[Any], data: st.DataObject) -> None:
    spoilt = data.draw(st.sets(st.integers(0, len(batch) - 1), min_size=1))
    parts = [data.draw(st.sampled_from(SPOILT)) if i in spoilt else json.dumps(row) for i, row in enumerate(batch)]
    if len(parts) == 1 and not parts[0].strip():
        return  # an empty array
    rows, rejected = parse.rows(f"[{','.join(parts)}]".encode(), lines=False)
    assert set(rejected) == spoilt
    assert rows == [None if i in spoilt else row for i, row in enumerate(batch)]
    assert all(errors[0]["msg"] for errors in rejected.values())


@given(st.lists(values, min_size=1, max_size=12), st.data())
def test_in_lines_exactly_the_spoilt_rows_are_refused(batch: list[Any], data: st.DataObject) -> None:
    spoilt = data.draw(st.sets(st.integers(0, len(batch) - 1), min_size=1))
    parts = [data.draw(st.sampled_from(SPOILT_LINES)) if i in spoilt else json.dumps(r) for i, r in enumerate(batch)]
    rows, rejected = parse.rows("\n".join(parts).encode(), lines=True)
    assert set(rejected) == spoilt
    assert rows == [None if i in spoilt else row for i, row in enumerate(batch)]


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_rows_or_malformed(body: bytes, lines: bool) -> None:  # noqa: FBT001 — drawn
    try:
        rows, rejected = parse.rows(body, lines=lines)
    except Malformed:
        return
    assert all(rows[index] is None for index in rejected)


@pytest.mark.parametrize("body", ["{}", "1", "null", '"[]"', "", "[1,2", "[1]]", "[1] x", '["a]', "[{]"])
def test_what_is_no_array_is_malformed(body: str) -> None:
    with pytest.raises(Malformed):
        parse.rows(body.encode(), lines=False)


@pytest.mark.parametrize("body", ["[]", " [ ] ", "[\n]"])
def test_an_empty_array_has_no_rows(body: str) -> None:
    assert parse.rows(body.encode(), lines=False) == ([], {})


@pytest.mark.parametrize("spoil", ["", ", NaN"])
@pytest.mark.parametrize("lines", [True, False])
def test_more_rows_than_allowed_are_too_large(spoil: str, *, lines: bool) -> None:
    body = "\n".join(["1"] * 10_001) if lines else f"[{','.join(['1'] * 10_001)}{spoil}]"
    with pytest.raises(TooLarge):
        parse.rows(body.encode(), lines=lines)


@pytest.mark.parametrize("filling", [b'\\"', b"[", b",", b'"', b"\\", b'{"', b"[]", b'"",'])
@pytest.mark.parametrize("lines", [True, False])
def test_a_hostile_body_of_ten_megabytes_costs_seconds_at_most(filling: bytes, *, lines: bool) -> None:
    body = b"[" + filling * (10_000_000 // len(filling))
    start = time.process_time()
    with contextlib.suppress(Malformed, TooLarge):
        parse.rows(body, lines=lines)
    assert time.process_time() - start < 5


@given(st.binary(max_size=5000))
def test_gzip_comes_back_and_never_more_than_the_limit(body: bytes) -> None:
    packed = gzip.compress(body)
    if len(body) > 1000:
        with pytest.raises(TooLarge):
            parse.decompress(packed, "gzip", 1000)
    else:
        assert parse.decompress(packed, "gzip", 1000) == body


members = st.lists(st.lists(values, max_size=4), min_size=1, max_size=5)


def _lines_of(batch: list[Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in batch).encode()


@given(members)
def test_every_row_of_every_gzip_member_comes_back(batches: list[list[Any]]) -> None:
    packed = b"".join(gzip.compress(_lines_of(batch)) for batch in batches)
    found = parse.rows(parse.decompress(packed, "gzip", 1_000_000), lines=True)
    assert found == ([row for batch in batches for row in batch], {})


@given(members, st.binary(min_size=1).filter(lambda rest: rest.strip(b"\0") and not rest.startswith(b"\x1f\x8b")))
def test_garbage_behind_the_last_gzip_member_is_malformed(batches: list[list[Any]], rest: bytes) -> None:
    packed = b"".join(gzip.compress(_lines_of(batch)) for batch in batches)
    with pytest.raises(Malformed):
        parse.decompress(packed + rest, "gzip", 1_000_000)


@given(members, st.data())
def test_a_gzip_body_that_is_cut_off_is_malformed(batches: list[list[Any]], data: st.DataObject) -> None:
    parts = [gzip.compress(_lines_of(batch)) for batch in batches]
    last = data.draw(st.integers(1, len(parts[-1]) - 1))
    with pytest.raises(Malformed):
        parse.decompress(b"".join((*parts[:-1], parts[-1][:last])), "gzip", 1_000_000)


def test_several_gzip_members_are_never_more_than_the_limit() -> None:
    with pytest.raises(TooLarge):
        parse.decompress(gzip.compress(b"x" * 600) * 2, "gzip", 1000)


def test_an_empty_gzip_body_is_malformed() -> None:
    with pytest.raises(Malformed):
        parse.decompress(b"", "gzip", 1000)


def test_half_a_million_empty_gzip_members_cost_seconds_at_most() -> None:
    empty = gzip.compress(b"")
    start = time.process_time()
    assert parse.decompress(empty * (10_000_000 // len(empty)), "gzip", 1000) == b""
    assert time.process_time() - start < 5


@given(st.lists(st.integers() | st.integers(-(2**70), 2**70), max_size=5), st.booleans())
def test_integers_come_back_exactly_however_wide(batch: list[int], lines: bool) -> None:  # noqa: FBT001 — drawn
    body = _lines_of(batch) if lines else json.dumps(batch).encode()
    assert parse.rows(body, lines=lines) == (batch, {})


@pytest.mark.parametrize("lines", [True, False])
def test_a_byte_order_mark_is_no_part_of_the_rows(*, lines: bool) -> None:
    body = b'{"a": "b"}\n{"a": "c"}' if lines else b'[{"a": "b"}, {"a": "c"}]'
    assert parse.rows(b"\xef\xbb\xbf" + body, lines=lines) == ([{"a": "b"}, {"a": "c"}], {})


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "x" * 1000])
def test_an_encoding_that_we_do_not_read_is_malformed(encoding: str) -> None:
    with pytest.raises(Malformed):
        parse.decompress(b"", encoding, 1000)
