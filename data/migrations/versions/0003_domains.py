"""Domains: history, values and their weights, watch list, registries' answers, brand mentions and their feeds."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0003_domains.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: what was told about domains has no older form")
