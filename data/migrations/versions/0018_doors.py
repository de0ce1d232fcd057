"""A satellite belongs to the keys that speak for it; kept answers hold no key."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0018"
down_revision = "0019"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0018_doors.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: who owns a satellite is not kept")
