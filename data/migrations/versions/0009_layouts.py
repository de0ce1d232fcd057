"""Layouts, named views and preferences of people."""

from __future__ import annotations

from data.migrations.steps import run_sql

revision = "0009_layouts"
down_revision = "0008_screens"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
