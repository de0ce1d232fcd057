"""Rows as nobody should send them: mostly right, with anything at all in some of their fields."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from data.ingest.streams import streams

ROWS = 25  # in one request
DAY = (datetime.now(UTC) - timedelta(days=3)).isoformat()
BASE: dict[str, dict[str, Any]] = {
    "backlinks": {"url_from": "https://a.example/x", "url_to": "https://acme.io/", "discovered_date": DAY},
    "page_visits": {"url": "https://a.example/x", "fetched_at": DAY},
    "competitor_sets": {"name": "rivals", "own_domain": "acme.io", "members": ["b.example"]},
    "domains": {"domain_name": "acme.io"},
    "brand_mentions": {"brand": "Acme", "url": "https://news.example/1", "title": "Acme", "published_at": DAY},
    "satellite_performance": {
        "satellite_id": "SAT-1",
        "created_date": DAY,
        "pages_per_minute": 5,
        "success_rate": 1,
        "response_time_ms": 90,
    },
    "missions": {
        "job_id": "M-1",
        "job_type": "audit",
        "status": "failed",
        "target_url": "acme.io",
        "created_date": DAY,
        "config": {"max_pages": 5},
    },
    "api_usage": {"provider": "serpstack", "query_type": "search", "at": DAY, "credits": 1},
}
NUMBERS = (0, -1, 1, 100, 599, 0.5, 1e12, 10**12, 2**31, 2**53, 2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**70), 10**30)
NUMBERS += (1e20, 1e308, -1e308, 5e-324, -0.0, float("nan"), float("inf"), float("-inf"), 10**400)
TEXTS = (
    "",
    " ",
    "a",
    "\x00",
    "\ud800",
    "\udc00x",
    "\x01\x0b\x1f",
    "=1+1",
    "@x",
    "نص",
    "👨‍👩‍👧",
    "\u202e",
    "\ufffe",
    "a\nb",
)
TEXTS += (
    "</script>",
    "x" * 128,
    "x" * 2000,
    "x" * 3000,
    "é" * 2000,
    "NaN",
    "Infinity",
    "null",
    "1e999",
    "%00",
    "\\",
    "'",
)
TEXTS += (
    "https://b.example/",
    "http://[::1]/",
    "http://acme.io:0/",
    "ACME.io.",
    "acme.io",
    "M-2",
    "completed",
    "lost",
    "ok",
)
TIMES = ("1990-01-01T00:00:00Z", "1989-12-31", "2199-12-31T23:59:59Z", "9999-12-31T23:59:59.999999Z", "0001-01-01")
TIMES += (DAY, DAY[:10], "2026-02-30", "2020-01-01T00:00:00+14:00", "2016-12-31T23:59:60Z", "1969-07-20T20:17:00Z")
leaves = (
    st.sampled_from((*NUMBERS, *TEXTS, *TIMES, None, True, False)) | st.integers() | st.floats() | st.text(max_size=9)
)
odd = leaves | st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("x", *TEXTS)), inner, max_size=3),
    max_leaves=6,
)


def _deep(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"x": value}
    return value


@st.composite
def rows(draw: st.DrawFn, stream: str) -> dict[str, Any]:
    """A row that is mostly right: some of its fields, known ones and others, hold anything at all."""
    row = dict(BASE[stream])
    known = sorted(streams()[stream].row.model_fields)
    for name in draw(st.lists(st.sampled_from((*known, "x", "note", "\ud83d", "y\x00")), max_size=3)):
        row[name] = draw(odd)
    if draw(st.integers(0, 30)) == 0:
        row["deep"] = _deep(draw(st.sampled_from((15, 16, 17, 250))))
    if draw(st.booleans()) and "job_id" in row:
        row["job_id"] = draw(st.text("abc", min_size=1, max_size=3))
    return row


@st.composite
def requests(draw: st.DrawFn, stream: str) -> tuple[bytes, dict[str, str]]:
    """Rows for a stream as any program may write them, and the headers that go with them."""
    batch = draw(st.lists(rows(stream), min_size=ROWS, max_size=ROWS))
    plain = draw(st.booleans())
    texts = [_text(row, plain=plain) for row in batch]
    if draw(st.booleans()):
        parts, kind = [f"{line}\n".encode() for line in texts], "application/x-ndjson"
    else:
        parts, kind = [f"[{','.join(texts)}]".encode()], "application/json"
    parts[0] = draw(st.sampled_from((b"", b"\xef\xbb\xbf"))) + parts[0]
    headers = {"Content-Type": kind}
    if draw(st.booleans()):
        headers["Content-Encoding"] = "gzip"
        members = draw(st.sampled_from((parts, [b"", *parts, b""], parts + parts, [b"".join(parts)])))
        packed = b"".join(map(gzip.compress, members))
        return packed + draw(st.sampled_from((b"", b"", b"", b"\x00", b"garbage", packed[:9]))), headers
    return b"".join(parts), headers


def _text(row: dict[str, Any], *, plain: bool) -> str:
    """A row as JSON (or what some take for it); halves of pairs have to be escaped."""
    try:
        written = json.dumps(row, ensure_ascii=not plain)
        written.encode()
    except UnicodeEncodeError:
        return json.dumps(row)
    return written
