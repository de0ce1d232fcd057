"""Who is told of an alert: the outbox, channels, silences, windows, escalations."""

from __future__ import annotations

from data.migrations.steps import run_sql

revision = "0031_alert_delivery"
down_revision = "0030_alerts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
