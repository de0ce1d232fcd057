"""Domains: lists by index, values of what changed."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0009_domains_lists.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: the indexes of before are slower and nothing else")
