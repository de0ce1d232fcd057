"""Bring a database up to this version of the code, and to this month.

Two roles share the work: one owns the database and migrates, the other one is the application's and owns the tables
that it fills, empties and refreshes, but not the audit. One role may be both; then nothing protects the audit from it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import make_url

from data import partitions
from data.db import create_engine, run_script
from data.errors import SettingsError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from data.settings import Settings

_FOLDER = Path(__file__).parent
_AUDIT_OWNER = _FOLDER / "sql" / "audit_owner.sql"
_BEFORE_0_1_0 = re.compile(r"\d{4}")  # since then a revision has its area's name too


def engine_for(settings: Settings) -> Engine:
    """Signs in as the role that migrates, and acts as the application's until a script says otherwise."""
    application, owner = settings.database_url, settings.migration_database_url or settings.database_url
    if not (application and owner):
        raise SettingsError("DATABASE_URL: missing; `mission-control run` provides it, or set it")
    return create_engine(owner.get_secret_value(), role=make_url(application.get_secret_value()).username)


def migrate(engine: Engine) -> None:
    """Raises SettingsError for a database whose revision is none of ours; nothing of it is changed."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    with engine.connect() as connection:
        _refuse_unknown(connection, ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    with engine.begin() as connection:
        partitions.ensure_ahead(connection)
        run_script(connection, _AUDIT_OWNER.read_text(encoding="utf-8"))


def _refuse_unknown(connection: Connection, ours: ScriptDirectory) -> None:
    known = {script.revision for script in ours.walk_revisions()}
    strange = [found for found in MigrationContext.configure(connection).get_current_heads() if found not in known]
    connection.rollback()
    if not strange:
        return
    made_by, next_step = (
        ("a version before 0.1.0", "back it up, and start with an empty one")
        if _BEFORE_0_1_0.fullmatch(strange[0])
        else ("a newer version", "run that one, or restore a backup from before it")
    )
    raise SettingsError(
        f"The database {connection.engine.url.database} stands at revision {strange[0]}, which this version does not "
        f"know: {made_by} made it; {next_step} (docs/operations.md, Upgrading)"
    )


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
