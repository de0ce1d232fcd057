"""Quotas: the model of a forecast, and the reserve in it."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0013_forecast_models.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: the scores of two models have no older form")
