"""The reads of the Backlinks page come from indexes alone."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0011_backlinks_reads.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: the older indexes are not kept")
