"""Quotas: paid APIs, purses, metered calls, cached answers, decisions, forecasts, reconciliations."""

from __future__ import annotations

from data.area import View
from data.migrations.steps import create_view, run_sql

revision = "0007_quotas"
down_revision = "0006_domains"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
    create_view(View("quotas", "api_shown_purses", 1))
