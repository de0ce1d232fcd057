"""One spelling for each stored address; what was stored in several becomes one."""

from __future__ import annotations

from alembic import op

from data.migrations.respell import respell

revision = "0016"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Batch by batch, each committed: ended half-way, it goes on where something is left to do."""
    with op.get_context().autocommit_block():
        respell(op.get_bind())


def downgrade() -> None:
    raise RuntimeError("restore a backup instead: spellings that are gone cannot be told")
