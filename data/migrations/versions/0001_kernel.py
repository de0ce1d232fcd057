"""The machinery: partitions, roll-ups, ingest, the live state, work that was asked for."""

from __future__ import annotations

from data.migrations.steps import run_sql

revision = "0001_kernel"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
