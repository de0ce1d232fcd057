"""The lists of the Domains page over a million domains, half of them for sale: as the page's callbacks read them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from bench.registry import Reach, Row, Scale, benchmark
from bench.report import percentile
from data import views
from data.db import transaction
from data.domains import reads
from data.domains.inputs import HunterFilters
from data.domains.valuation import values

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

TIMES = 20
BATCH = 100_000
_LOAD = """
insert into domains (domain_name, domain_authority, availability_status, lifecycle, estimated_value, value_source,
  spam_score, registered_at, expires_at, drops_at, owner, created_date, last_fetched_at, score, valued_version)
select 'domain-' || n || (array['.com', '.net', '.org', '.io', '.museum'])[1 + least(4, (n % 97) / 24)], n * 7 % 101,
  (array['available', 'expired', 'registered', 'registered'])[1 + n % 4], 'active', n * 13 % 100003 / 10.0, 'reported',
  n * 11 % 101, now() - make_interval(days => (n % 7000)::int), now() + make_interval(days => (n % 700)::int - 300),
  case when n % 4 = 1 then now() + make_interval(days => (n % 60)::int) end,
  case when n % 50 = 2 then 'rival-' || n % 40 || '.com' end, now() - make_interval(days => (n % 365)::int), now(),
  n * 17 % 1000 / 10.0, 0
from generate_series(cast(:first as bigint), cast(:last as bigint)) n"""
_LISTS: dict[str, dict[str, Any]] = {
    "by value": {},
    "by score": {"sort": "score"},
    "by authority, clean": {"sort": "authority", "clean": True},
    "next to end": {"sort": "expires", "within_days": 30},
    "a rare ending": {"tld": "museum", "min_value": 5000},
    "worth 5,000 and DA 60": {"min_value": 5000, "min_authority": 60, "availability": ["available"]},
    "registered, by name": {"sort": "name", "availability": ["registered"]},
    "part of a name": {"q": "main-9999"},
}


@benchmark.add("domains", where="database")
def domains(engine: Engine, scale: Scale) -> list[Row]:
    load(engine, scale.small)
    now = datetime.now(UTC)
    asked: dict[str, Callable[[Connection], object]] = {
        f"hunter, {name}": _list(HunterFilters(**filters), now) for name, filters in _LISTS.items()
    }
    asked["key figures"] = lambda connection: reads.summary(connection, now)
    asked["opportunities"] = lambda connection: reads.list_opportunities(connection, limit=100)
    asked["values of what changed"] = lambda connection: values.revalue(connection, now)
    found = [_timed(engine, name, question, scale.small) for name, question in asked.items()]
    with transaction(engine) as connection:
        connection.execute(
            text("truncate domains, domain_changes, domain_history, touched_buckets, rollup_domains_daily")
        )
    return found


def load(engine: Engine, rows: int) -> None:
    for first in range(1, rows + 1, BATCH):
        with transaction(engine) as connection:
            connection.execute(text(_LOAD), {"first": first, "last": min(first + BATCH - 1, rows)})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze domains"))
    done = 1
    while done:
        with transaction(engine) as connection:
            done = views.refresh_rollups(connection)


def _list(filters: HunterFilters, now: datetime) -> Callable[[Connection], object]:
    def ask(connection: Connection) -> object:
        return (
            reads.list_hunted(connection, filters, now, limit=100, after=None),
            reads.count_hunted(connection, filters, now),
        )

    return ask


def _timed(engine: Engine, name: str, question: Callable[[Connection], object], rows: int) -> Row:
    times = []
    for _ in range(TIMES):
        with transaction(engine) as connection:
            begun = time.perf_counter()
            question(connection)
            times.append(time.perf_counter() - begun)
    note = f"of {rows:,} domains"
    return Row(f"domains: {name} p95", percentile(times, 0.95) * 1000, "ms", TIMES, Reach(below=250), note)
