"""The same as `page_visits` on top of the links of `refresh`, or of as many made for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from bench import links, visits
from bench.registry import Row, Scale, benchmark

if TYPE_CHECKING:
    from sqlalchemy import Engine


@benchmark.add("page_visits_large", where="database")
def page_visits_large(engine: Engine, scale: Scale) -> list[Row]:
    with engine.connect() as connection:
        stored = connection.scalar(text("select count(*) from backlinks")) or 0
    if stored < scale.large:
        links.insert(engine, stored, scale.large)
    links.identify(engine)
    return visits.measured(engine, scale.large)
