"""What it costs to bring the daily statistics up to date when 10,000 links arrived, with little history and with
much."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from sqlalchemy import text

from bench import links
from bench.registry import Reach, Row, Scale, benchmark
from data import views
from data.backlinks import sets
from data.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

ARRIVING = 10_000
ROUNDS = 5
# As many as a fleet delivers in one hour; every round has an hour of yesterday to itself, so that rounds are alike.
ARRIVE = f"""
insert into backlinks ({links.COLUMNS}) select {links.VALUES}
from (select place, 1000000000 + place + cast(:hour as bigint) * :rows as n
      from generate_series(1, cast(:rows as bigint)) place) p
cross join lateral (
  select date_trunc('day', now()) + interval '1 hour' * (:hour - 24 + place / (:rows + 1.0)) as t) x {links.SHAPE}"""


@benchmark.add("refresh", where="database")
def refresh(engine: Engine, scale: Scale) -> list[Row]:
    links.load(engine, 0, scale.small)
    small = _rounds(engine, 0)
    links.load(engine, scale.small, scale.large)
    large = _rounds(engine, ROUNDS)
    sizes = (f"{scale.small:,}", f"{scale.large:,}")
    ratio = _whole(large) / _whole(small)
    what = f"{ARRIVING:,} new links: roll-up, sets and view together"
    rows = [
        Row(f"refresh at {sizes[1]} rows against {sizes[0]}", ratio, "×", ROUNDS * 2, Reach(below=1.5), what),
    ]
    for size, parts in zip(sizes, (small, large), strict=True):
        rows += [
            Row(f"refresh at {size} rows: {part}", statistics.median(times) * 1000, "ms", ROUNDS)
            for part, times in parts.items()
        ]
    return rows


def _whole(parts: dict[str, list[float]]) -> float:
    return sum(statistics.median(times) for times in parts.values())


def bring_up_to_date(engine: Engine, refresh: Callable[[Connection], int]) -> float:
    """Seconds that it takes."""
    begun = time.perf_counter()
    while True:
        with transaction(engine) as connection:
            if not refresh(connection):
                return time.perf_counter() - begun


def _rounds(engine: Engine, first: int) -> dict[str, list[float]]:
    """Seconds for each part, of each round."""
    parts: dict[str, list[float]] = {"roll-up": [], "sets": [], links.VIEW: []}
    for number in range(ROUNDS):
        with transaction(engine) as connection:
            connection.execute(text(ARRIVE), {"rows": ARRIVING, "hour": first + number})
        parts["roll-up"].append(bring_up_to_date(engine, views.refresh_rollups))
        parts["sets"].append(bring_up_to_date(engine, sets.refresh_sets))
        begun = time.perf_counter()
        with transaction(engine) as connection:
            views.refresh_view(connection, links.VIEW)
        parts[links.VIEW].append(time.perf_counter() - begun)
    return parts
