"""Screens that report their health, and playlists for walls."""

from __future__ import annotations

from data.migrations.steps import run_sql

revision = "0008_screens"
down_revision = "0007_quotas"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
