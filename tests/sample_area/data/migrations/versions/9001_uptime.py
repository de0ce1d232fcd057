"""Uptime: probes, sites, their hours and days."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.area import View
from data.db import run_script

revision = "9001"
down_revision = "NEWEST"  # the newest revision that there was
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "9001_uptime.sql"


def upgrade() -> None:
    connection = op.get_bind()
    run_script(connection, _SQL.read_text(encoding="utf-8"))
    run_script(connection, View("uptime", "mv_daily_uptime", 1).sql())
    run_script(connection, "insert into view_stamps (view) values ('mv_daily_uptime')")
    run_script(connection, "refresh materialized view mv_daily_uptime")


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: probes have nothing to go back to")
