"""Alerts: rules, what signals said, alerts and their timelines."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from data.db import run_script

revision = "0030"
down_revision = "0024"
branch_labels = None
depends_on = None

_SQL = Path(__file__).parents[1] / "sql" / "0030_alerts.sql"


def upgrade() -> None:
    run_script(op.get_bind(), _SQL.read_text(encoding="utf-8"))


def downgrade() -> None:
    for table in ("alert_evaluations", "alert_events", "alerts", "alert_samples", "alert_series", "alert_rules"):
        op.get_bind().exec_driver_sql(f"drop table {table}")
