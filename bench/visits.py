"""What it costs to tell that pages were read whole: batches of pages with ten links each, and one page with sixty
thousand, with nothing, little and much stored. One link in ten was not among those sent, so it becomes suspected."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from bench import links
from bench.registry import Reach, Row, Scale, benchmark
from data.db import run_script, transaction
from data.ingest import store
from data.ingest.streams import streams
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

BATCHES = (1, 40, 1_000)  # pages
REACHES = {1_000: Reach(below=200)}
LINKS = 10  # a page
BIG = 60_000  # links of one page
ROUNDS = 5
MISSED = 10  # one link in so many
FORGET = "truncate backlinks, backlink_identities, touched_buckets, touched_link_hours"

Rows = list[dict[str, Any]]


@benchmark.add("page_visits", where="database")
def page_visits(engine: Engine, scale: Scale) -> list[Row]:
    rows = measured(engine, 0)
    forget(engine)
    links.insert(engine, 0, scale.small)
    links.identify(engine)
    rows += measured(engine, scale.small)
    forget(engine)
    return rows


def forget(engine: Engine) -> None:
    with transaction(engine) as connection:
        run_script(connection, FORGET)


def measured(engine: Engine, stored: int) -> list[Row]:
    """Every round has pages of its own."""
    read, rows = datetime.now(UTC), list[Row]()
    for pages in BATCHES:
        times = [_visited(engine, _pages(f"{stored}-{pages}-{turn}", pages), LINKS, read) for turn in range(ROUNDS)]
        name = f"page_visits: {pages:,} {'pages' if pages > 1 else 'page'} at {stored:,} links"
        rows.append(Row(name, statistics.median(times) * 1000, "ms", ROUNDS, REACHES.get(pages)))
    times = [_visited(engine, _pages(f"{stored}-big-{turn}", 1), BIG, read) for turn in range(2)]
    name = f"page_visits: a page with {BIG:,} links at {stored:,} links"
    return [*rows, Row(name, max(times) * 1000, "ms", len(times), Reach(below=2_000), "the slower of two")]


def _pages(name: str, count: int) -> list[str]:
    return [f"https://{name}.example.net/{number}" for number in range(count)]


def _visited(engine: Engine, pages: list[str], each: int, read: datetime) -> float:
    """Seconds that the batch of visits takes, once the links of the pages are stored."""
    rest = _links(pages, each, read)
    while batch := list(islice(rest, 1_000)):
        _store(engine, "backlinks", batch)
    return _store(engine, "page_visits", [{"url": page, "fetched_at": read.isoformat()} for page in pages])


def _links(pages: list[str], each: int, read: datetime) -> Iterator[dict[str, Any]]:
    seen, before = read.isoformat(), (read - timedelta(days=1)).isoformat()
    for page in pages:
        for number in range(each):
            at = before if number % MISSED == 0 else seen
            target = f"https://target-{number % links.TARGETS}.com/{number}"
            yield {"url_from": page, "url_to": target, "discovered_date": before, "last_seen": at}


def _store(engine: Engine, stream: str, rows: Rows) -> float:
    checked = store.check(streams()[stream], rows, {})
    begun = time.perf_counter()
    with transaction(engine) as connection:
        store.store(connection, SYSTEM, streams()[stream], checked)
    return time.perf_counter() - begun
