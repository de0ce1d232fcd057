"""What is known and what is not: anchors of resets, what feeds left out, calibrations of the value calculator."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0021_knowledge.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: what was left out is not kept")
