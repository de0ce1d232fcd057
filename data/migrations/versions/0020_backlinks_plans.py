"""Plans of the statements about links that hold at any size."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0020_backlinks_plans.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("nothing of it need be undone: restore a backup instead")
