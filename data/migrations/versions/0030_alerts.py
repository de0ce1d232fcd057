"""Alerts: rules, what signals said, alerts and their timelines."""

from __future__ import annotations

from data.migrations.steps import run_sql

revision = "0030_alerts"
down_revision = "0009_layouts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
