"""What changes about domains is added to the days on which they became known."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0014_domains_days.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: the older trigger is not kept")
