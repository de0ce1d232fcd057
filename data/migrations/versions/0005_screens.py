"""Screens that report their health, and playlists for walls."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql"


def upgrade() -> None:
    run_script(op.get_bind(), (_SQL / "0005_screens.sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: what screens reported would be lost")
