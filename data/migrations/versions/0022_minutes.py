"""A minute's rate may be unknown."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0022"
down_revision = "0017"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0022_minutes.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: the older rule would refuse stored minutes")
