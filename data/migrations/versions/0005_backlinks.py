"""Backlinks: links and their life, competitor sets, signals; sums and sets."""

from __future__ import annotations

from data.area import View
from data.migrations.steps import create_materialized_view, create_view, run_sql

revision = "0005_backlinks"
down_revision = "0004_performance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
    create_materialized_view(View("backlinks", "mv_daily_backlink_stats", 1))
    create_view(View("backlinks", "backlink_signals", 1))
