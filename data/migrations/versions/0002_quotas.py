"""Paid APIs: providers, purses, reservations, metered calls, cached answers, decisions."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    run_script(op.get_bind(), (_SQL / "0002_quotas.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: what was metered has nothing to go back to")
