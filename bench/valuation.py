"""Whether the value calculator keeps its promise: asking prices of the simulator's register against bands made without
them, with everything known that the register knows and with the weightiest factors hidden."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bench.registry import Reach, Row, Scale, benchmark
from clients.simulator.history import Span, foundations
from clients.simulator.world import build_world
from data import views
from data.backlinks import sets
from data.db import run_script
from data.domains.valuation import values
from data.domains.valuation.price_curve import PROMISE, backtest
from data.ingest.store import check, store
from data.ingest.streams import streams
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from data.domains.valuation.price_curve import Price

WORLDS = (7, 8, 9)
STREAMS_TOLD = ("domains", "backlinks")
HIDDEN: dict[str, tuple[str, ...]] = {
    "all known": (),
    "authority hidden": ("authority",),
    "links hidden": ("referring_domains", "link_authority", "cleanliness"),
    "half hidden": ("link_authority", "cleanliness", "age", "referring_domains"),
}
SLACK = 0.1  # 540 prices, and a band that is wider than it must be where less is known


@benchmark.add("valuation", where="database")
def valuation(engine: Engine, _: Scale) -> list[Row]:
    registers = [register(engine, seed) for seed in WORLDS]
    rows = []
    for name, hidden in HIDDEN.items():
        found = [backtest(prices, values.USUAL_WEIGHTS, hidden=hidden) for prices in registers]
        tried = sum(each.tried for each in found)
        held = sum(each.held * each.tried for each in found) / tried
        widest = max(each.times for each in found)
        note = f"of {PROMISE:.0%} promised; from low to high at most ×{widest:.1f} in the middle"
        reach = Reach(at_least=100 * (PROMISE - SLACK))
        rows.append(Row(f"valuation: prices in their band, {name}", 100 * held, "%", tried, reach, note))
    return rows


def register(engine: Engine, seed: int) -> list[Price]:
    """The asking prices of a simulated market as the product reads them; nothing of it stays."""
    now = datetime.now(UTC).replace(microsecond=0)
    world = build_world(seed, now)
    with engine.connect() as connection:
        for batch in foundations(world, Span(now - timedelta(days=90), now)):
            if batch.stream in STREAMS_TOLD:
                stream = streams()[batch.stream]
                store(connection, SYSTEM, stream, check(stream, list(batch.rows), {}))
                run_script(connection, "discard temp")  # stages are emptied by a commit, and this is none
        for refresh in (views.refresh_rollups, sets.refresh_sets):
            while refresh(connection):
                pass
        found = values.list_prices(connection, now)
        connection.rollback()
    return found
