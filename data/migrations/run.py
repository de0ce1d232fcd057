"""Bring a database up to this version of the code, and to this month.

Two roles share the work: one owns the database and migrates, the other one is the application's and owns the tables
that it fills, empties and refreshes, but not the audit. One role may be both; then nothing protects the audit from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import make_url

from data import partitions
from data.db import create_engine, run_script
from data.errors import SettingsError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from data.settings import Settings

_AUDIT_OWNER = Path(__file__).parent / "sql" / "audit_owner.sql"


def engine_for(settings: Settings) -> Engine:
    """Signs in as the role that migrates, and acts as the application's until a script says otherwise."""
    application, owner = settings.database_url, settings.migration_database_url or settings.database_url
    if not (application and owner):
        raise SettingsError("DATABASE_URL: missing; `mission-control run` provides it, or set it")
    return create_engine(owner.get_secret_value(), role=make_url(application.get_secret_value()).username)


def migrate(engine: Engine, revision: str = "head") -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    with engine.begin() as connection:
        partitions.ensure_ahead(connection)
        run_script(connection, _AUDIT_OWNER.read_text(encoding="utf-8"))


def is_audit_safe(engine: Engine) -> bool:
    """Whether the application's role can neither change the audit's table nor drop it with its schema."""
    with engine.connect() as connection:
        return not connection.scalar(
            text("""select pg_has_role(current_user, c.relowner, 'usage')
                           or pg_has_role(current_user, n.nspowner, 'usage')
                           or (select rolsuper from pg_roles where rolname = current_user)
                    from pg_class c join pg_namespace n on n.oid = c.relnamespace
                    where c.oid = 'audit_log'::regclass""")
        )
