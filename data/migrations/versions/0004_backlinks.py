"""A link's life, the sets of referring domains, losses per day, competitor sets, signals, statistics of domains."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.area import View
from data.db import run_script

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    connection = op.get_bind()
    run_script(connection, (_SQL / "0004_backlinks.sql").read_text(encoding="utf-8"))
    run_script(connection, "drop materialized view mv_daily_backlink_stats")
    for view in (View("backlinks", "mv_daily_backlink_stats", 2), View("domains", "mv_daily_domain_stats", 1)):
        run_script(connection, view.sql())
        run_script(connection, f"refresh materialized view {view.name}")
    run_script(connection, View("backlinks", "backlink_signals", 1).sql())
    run_script(connection, "insert into view_stamps (view) values ('mv_daily_domain_stats')")


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: the sets of days that this revision replaced are gone")
