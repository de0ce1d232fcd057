"""Alembic's entry. One migration run at a time (advisory lock); a lock that cannot be had soon is an error."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

_LOCK = 20_260_301


def _migrate(connection: Connection) -> None:
    connection.execute(text("set lock_timeout = '10s'"))
    connection.execute(text("set statement_timeout = 0"))
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": _LOCK})
    connection.commit()
    try:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
    finally:
        connection.rollback()
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": _LOCK})
        connection.commit()


_migrate(context.config.attributes["connection"])
