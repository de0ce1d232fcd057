"""A value that is sent is found in the column of its name, and what is not is seen."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.ingest import store
from data.ingest.streams import streams
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.ingest.stream import Stream
    from data.services import Services

DAY = "2026-03-{:02d}T00:00:00Z"
# The table that a stream fills, and a row of it in which no two values are alike.
FULL: dict[str, tuple[str, dict[str, Any]]] = {
    "backlinks": (
        "backlinks",
        {
            "url_from": "https://a.example/page",
            "url_to": "https://b.example/",
            "source_domain_name": "source.example",
            "target_domain_name": "target.example",
            "anchor": "words",
            "rel": "nofollow",
            "domain_authority": 41,
            "spam_score": 42,
            "discovered_date": DAY.format(1),
            "last_seen": DAY.format(2),
            "lost_date": DAY.format(3),
            "lost_reason": "link_removed",
            "http_code": 404,
            "source": "crawler",
            "job_id": "LP-9",
            "last_fetched_at": DAY.format(4),
            "colour": "red",
        },
    ),
    "domains": (
        "domains",
        {
            "domain_name": "full.example",
            "domain_authority": 31,
            "availability_status": "registered",
            "estimated_value": 1200,
            "registered_at": DAY.format(1),
            "expires_at": "2027-03-02T00:00:00Z",
            "last_fetched_at": DAY.format(4),
            "lifecycle": "grace",
            "owner": "rival.example",
            "registrar": "A registrar",
            "spam_score": 32,
            "asking_price": 3400,
            "drops_at": "2027-03-05T00:00:00Z",
            "concerns": ["link_spam", "trademark"],
            "colour": "red",
        },
    ),
    "brand_mentions": (
        "brand_mentions",
        {
            "brand": "Acme",
            "url": "https://news.example/acme",
            "title": "A title",
            "published_at": DAY.format(1),
            "excerpt": "An excerpt",
            "author": "An author",
            "source": "A source",
            "source_kind": "news",
            "sentiment": 0.25,
            "reach": 77,
            "language": "en",
            "last_fetched_at": DAY.format(2),
            "colour": "red",
        },
    ),
    "satellite_performance": (
        "satellite_performance_logs",
        {
            "satellite_id": "SAT-1",
            "created_date": DAY.format(1),
            "pages_per_minute": 11,
            "success_rate": 0.5,
            "response_time_ms": 12,
            "job_id": "LP-9",
            "pages_crawled": 13,
            "errors_count": 14,
            "cpu_percent": 15,
            "memory_mb": 16,
            "last_fetched_at": DAY.format(2),
            "colour": "red",
        },
    ),
    "api_usage": (
        "api_usage",
        {
            "provider": "serpstack",
            "query_type": "search",
            "at": DAY.format(1),
            "credits": 2,
            "saved": 3,
            "latency_ms": 40,
            "outcome": "ok",
            "status_code": 201,
            "priority": "high",
            "last_fetched_at": DAY.format(2),
            "colour": "red",
        },
    ),
    "missions": (
        "crawl_jobs",
        {
            "job_id": "LP-77",
            "job_type": "backlink_discovery",
            "status": "failed",
            "target_url": "https://b.example/",
            "created_date": DAY.format(1),
            "start_time": DAY.format(2),
            "completed_time": DAY.format(3),
            "priority": 7,
            "config": {"depth": 3},
            "progress_percentage": 51,
            "pages_crawled": 52,
            "links_found": 53,
            "errors_count": 54,
            "message": "A message",
        },
    ),
}
NOT_KEPT = {"page_visits", "competitor_sets"}  # a message alone; two tables with a test of their own


def put(connection: Connection, stream: Stream, row: dict[str, Any]) -> Any:
    """Store `row`; returns it as its model."""
    rejected: dict[int, Any] = {}
    [model] = store.check(stream, [row], rejected)
    assert store.store(connection, SYSTEM, stream, [model]).accepted == 1
    return model


def differences(connection: Connection, table: str, stream: Stream, model: Any) -> list[str]:
    """The columns of the only row of `table` that do not hold what the row of the stream holds."""
    stored = connection.execute(text(f"select * from {table}")).mappings().one()
    sent = {name: getattr(model, name) for name in stream.row.columns() if name != "extra"} | {"extra": model.more()}
    return [name for name, value in sent.items() if name in stored and _plain(stored[name]) != _plain(value)]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return float(value) if isinstance(value, Decimal | int | float) else value


def test_every_stream_is_tried() -> None:
    assert set(FULL) | NOT_KEPT == set(streams())


@pytest.mark.parametrize("name", FULL)
def test_every_value_is_found_in_the_column_of_its_name(mc: Services, name: str) -> None:
    table, row = FULL[name]
    stream = streams()[name]
    assert set(row) - {"colour"} == set(stream.row.model_fields) - {"event_id"} - (
        {"source"} if name == "domains" else set()
    )
    with mc.engine.begin() as connection:
        model = put(connection, stream, row)
        assert differences(connection, table, stream, model) == []


@pytest.mark.parametrize("name", FULL)
def test_two_columns_that_change_places_are_seen(mc: Services, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Swap each two neighbours of the list of columns that are filled: the row is refused, or is not what was sent."""
    table, row = FULL[name]
    stream = streams()[name]
    script = stream.insert_sql()
    listed = re.search(rf"insert into {table}(?: as \w+)? \(([^)]*)\)", script)
    assert listed is not None
    columns = [column.strip() for column in listed[1].split(",")]
    sent = set(stream.row.columns()) - {"target_domain_name", "discovered_date"}
    for one, other in pairwise([column for column in columns if column in sent]):
        swapped = [{one: other, other: one}.get(column, column) for column in columns]
        mutated = script.replace(listed[1], ", ".join(swapped))
        monkeypatch.setattr(type(stream), "insert_sql", lambda _, mutated=mutated: mutated)
        assert _notices(mc, table, stream, row), f"nobody saw {one} and {other} change places"


def _notices(mc: Services, table: str, stream: Stream, row: dict[str, Any]) -> bool:
    try:
        with mc.engine.connect() as connection:
            model = put(connection, stream, row)
            return differences(connection, table, stream, model) != []
    except Exception:  # noqa: BLE001 — whatever PostgreSQL says against it
        return True


def test_a_stream_is_a_dataclass_whose_columns_come_from_its_row() -> None:
    for stream in streams().values():
        assert "columns" not in {field.name for field in dataclasses.fields(stream)}
        assert stream.row.columns()
