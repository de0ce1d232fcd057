"""What the Backlinks page reads: the days of a target, and its suspected links."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0008_backlinks_pages.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    run_script(op.get_bind(), "drop index mv_daily_backlink_stats_target; drop index backlinks_suspected")
