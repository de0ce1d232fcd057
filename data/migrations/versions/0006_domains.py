"""Domains: what is known of them, their value, registries, brand mentions and their feeds."""

from __future__ import annotations

from data.area import View
from data.migrations.steps import create_materialized_view, run_sql

revision = "0006_domains"
down_revision = "0005_backlinks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
    create_materialized_view(View("domains", "mv_daily_domain_stats", 1))
