"""Quotas: forecasts, what they were worth, and checks against the providers' own numbers."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0007_forecasts.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: forecasts and checks have no older form")
