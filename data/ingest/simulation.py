"""The simulator's traces: every row it sent is marked, and all of them go at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from data.access.writes import audit
from data.areas import TABLES, parts
from data.deadline import extend_deadline

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.permissions import Actor

REMOVAL_S = 600


def remove(connection: Connection, actor: Actor) -> dict[str, int]:
    """Rows removed per table. The simulation's own rows of the roll-ups go too, the final ones included.

    First what areas remove in a way of their own (`data.<area>.simulation`), then their marked tables."""
    extend_deadline(connection, REMOVAL_S)
    removed: dict[str, int] = {}
    for module in parts("data", "simulation"):
        removed |= module.remove(connection)
    for table in sorted(TABLES, key=lambda table: not table.counted):
        if table.simulated:
            gone = connection.execute(text(f"delete from {table.name} where simulated")).rowcount
            removed |= {table.name: gone} if table.counted else {}
    connection.execute(text("truncate live_minutes"))
    audit(connection, actor, "simulation.remove", ("simulation", "all"), detail=dict(removed))
    return removed


def present(connection: Connection) -> bool:
    """Whether simulated missions or satellites are there: then every page says SIMULATION."""
    return bool(
        connection.scalar(
            text("""select exists (select from satellites where simulated)
                    or exists (select from crawl_jobs where simulated)""")
        )
    )
