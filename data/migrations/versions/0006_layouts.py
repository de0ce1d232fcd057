"""Layouts, named views and preferences of people."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0006_layouts.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: what people arranged would be lost")
