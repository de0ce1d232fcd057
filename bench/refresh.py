"""What it costs to bring the daily statistics up to date when 10,000 links arrived, with little history and with
much."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from sqlalchemy import text

from bench.registry import Reach, Row, Scale, benchmark
from data import views
from data.db import transaction

if TYPE_CHECKING:
    from sqlalchemy import Engine

DAYS = 90
CHUNK = 250_000
ARRIVING = 10_000
ROUNDS = 5
VIEW = "mv_daily_backlink_stats"

_COLUMNS = """target_domain_name, discovered_date, source_domain_name, url_from, url_to, domain_authority, spam_score,
last_seen, http_code, source"""
# `h` is a hash of the link's number: 24 targets, 20,000 sites that link.
_VALUES = """'target-' || h % 24 || '.com', t, 'site-' || site || '.net', 'https://site-' || site || '.net/' || n,
'https://target-' || h % 24 || '.com/', h % 100, (h / 7) % 70, t, 200, 'bench'"""
# Links spread evenly over the days before yesterday, in the order of time.
LOAD = f"""
insert into backlinks ({_COLUMNS}) select {_VALUES}
from generate_series(cast(:first as bigint), cast(:last as bigint)) n
cross join lateral (
  select abs(hashint8(n)) as h, abs(hashint8(n)) / 24 % 20000 as site, date_trunc('day', now())
         - interval '1 day' * :days + interval '1 day' * (:days - 1) * (n - :base) / :whole as t) x
"""
# As many as a fleet delivers in one hour; every round has an hour of yesterday to itself, so that rounds are alike.
ARRIVE = f"""
insert into backlinks ({_COLUMNS}) select {_VALUES}
from (select place, place + cast(:hour as bigint) * :rows as n from generate_series(1, cast(:rows as bigint)) place) p
cross join lateral (
  select abs(hashint8(n)) as h, abs(hashint8(n)) / 24 % 20000 as site,
         date_trunc('day', now()) + interval '1 hour' * (:hour - 24 + place / (:rows + 1.0)) as t) x
"""


@benchmark.add("refresh", where="database")
def refresh(engine: Engine, scale: Scale) -> list[Row]:
    load(engine, 0, scale.small)
    small = _rounds(engine, 0)
    load(engine, scale.small, scale.large)
    large = _rounds(engine, ROUNDS)
    n, sizes = ROUNDS * 2, (f"{scale.small:,}", f"{scale.large:,}")
    ratio = sum(map(statistics.median, large)) / sum(map(statistics.median, small))
    rows = [
        Row(
            f"refresh at {sizes[1]} rows against {sizes[0]}", ratio, "×", n, Reach(below=1.5), f"{ARRIVING:,} new links"
        )
    ]
    for size, (rollup, view) in zip(sizes, (small, large), strict=True):
        rows += [
            Row(f"refresh at {size} rows: roll-up", statistics.median(rollup) * 1000, "ms", ROUNDS),
            Row(f"refresh at {size} rows: {VIEW}", statistics.median(view) * 1000, "ms", ROUNDS),
        ]
    return rows


def load(engine: Engine, first: int, last: int) -> None:
    """Links `first` to `last`, spread over all days; the roll-ups and the view are up to date afterwards."""
    for start in range(first, last, CHUNK):
        stop = min(start + CHUNK, last)
        values = {"first": start + 1, "last": stop, "base": first, "whole": last - first, "days": DAYS}
        with transaction(engine) as connection:
            connection.execute(text(LOAD), values)
        bring_up_to_date(engine)
    with transaction(engine) as connection:
        views.refresh_view(connection, VIEW)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))


def bring_up_to_date(engine: Engine) -> None:
    while True:
        with transaction(engine) as connection:
            if not views.refresh_rollups(connection):
                return


def _rounds(engine: Engine, first: int) -> tuple[list[float], list[float]]:
    """Seconds for the roll-up and for the view, of each round."""
    rollup, view = [], []
    for number in range(ROUNDS):
        with transaction(engine) as connection:
            connection.execute(text(ARRIVE), {"rows": ARRIVING, "hour": first + number})
        begun = time.perf_counter()
        bring_up_to_date(engine)
        rolled = time.perf_counter()
        with transaction(engine) as connection:
            views.refresh_view(connection, VIEW)
        rollup.append(rolled - begun)
        view.append(time.perf_counter() - rolled)
    return rollup, view
