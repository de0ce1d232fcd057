"""Performance: what satellites report of their work; its hours and days."""

from __future__ import annotations

from data.area import View
from data.migrations.steps import create_materialized_view, run_sql

revision = "0004_performance"
down_revision = "0003_missions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
    create_materialized_view(View("performance", "mv_daily_satellite_performance", 1))
