"""Missions: jobs, satellites, who works on what; their hours and days."""

from __future__ import annotations

from data.area import View
from data.migrations.steps import create_materialized_view, run_sql

revision = "0003_missions"
down_revision = "0002_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
    create_materialized_view(View("missions", "mission_control_summary", 1))
    create_materialized_view(View("missions", "mv_daily_job_stats", 1))
