"""Thresholds of links and mentions stand in one function each, and signals are told by them."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.area import View
from data.db import run_script

revision = "0024"
down_revision = "0016"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0024_thresholds.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))
    run_script(op.get_bind(), View("backlinks", "backlink_signals", 2).sql())


def downgrade() -> None:
    op.get_bind().exec_driver_sql("drop view backlink_signals")
    run_script(op.get_bind(), View("backlinks", "backlink_signals", 1).sql())
    for function in (
        "authority_tone(smallint)",
        "is_high_authority(smallint)",
        "is_toxic(smallint)",
        "sentiment_tone(float8)",
    ):
        op.get_bind().exec_driver_sql(f"drop function {function}")
