"""Who took on what asks for a person."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0015_alarms.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: acknowledgements are not kept")
