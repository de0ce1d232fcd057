"""Access: users, sessions, keys, the audit."""

from __future__ import annotations

from data.migrations.steps import run_sql

revision = "0002_access"
down_revision = "0001_kernel"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(revision)
