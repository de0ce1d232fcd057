"""Access, missions, satellites, performance, backlinks and the machinery of roll-ups."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.area import View
from data.db import run_script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"
_VIEWS = (
    View("missions", "mission_control_summary", 1),
    View("missions", "mv_daily_job_stats", 1),
    View("performance", "mv_daily_satellite_performance", 1),
    View("backlinks", "mv_daily_backlink_stats", 1),
)


def upgrade() -> None:
    connection = op.get_bind()
    for part in ("partitions", "access", "missions", "performance", "backlinks"):
        run_script(connection, (_SQL / f"0001_{part}.sql").read_text(encoding="utf-8"))
    for view in _VIEWS:
        run_script(connection, view.sql())
        run_script(connection, f"insert into view_stamps (view) values ('{view.name}')")
        run_script(connection, f"refresh materialized view {view.name}")


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: the first migration has nothing to go back to")
