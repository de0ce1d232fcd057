"""What a migration is made of: the SQL of its own name, and views, each a versioned file of its area."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import op

from data.db import run_script

if TYPE_CHECKING:
    from data.area import View

_SQL = Path(__file__).parent / "sql"


def run_sql(revision: str) -> None:
    """`sql/<revision>.sql`."""
    run_script(op.get_bind(), (_SQL / f"{revision}.sql").read_text(encoding="utf-8"))


def create_view(view: View) -> None:
    run_script(op.get_bind(), view.sql())


def create_materialized_view(view: View) -> None:
    """Filled, and with its stamp, by which readers learn that it was refreshed."""
    connection = op.get_bind()
    run_script(connection, view.sql())
    run_script(connection, f"insert into view_stamps (view) values ('{view.name}')")
    run_script(connection, f"refresh materialized view {view.name}")
