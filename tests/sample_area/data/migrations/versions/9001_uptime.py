"""Uptime: probes, sites, their hours and days."""

from __future__ import annotations

from data.area import View
from data.migrations.steps import create_materialized_view, run_sql

revision = "9001_uptime"
down_revision = "NEWEST"  # the newest revision that there was
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
    create_materialized_view(View("uptime", "mv_daily_uptime", 1))
