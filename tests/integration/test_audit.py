"""The audit is written once: not even the application's own role in the database can change it or take it away."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from data.access.writes import audit
from data.db import create_engine, transaction
from data.migrations.run import is_audit_safe, migrate
from data.permissions import SYSTEM

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from data.services import Services
    from tests.support import Services as Databases


DISARMED = """create or replace function audit_log_is_append_only() returns trigger
              language plpgsql as 'begin return null; end'"""


def one_row(mc: Services) -> None:
    with transaction(mc.engine) as connection:
        audit(connection, SYSTEM, "test", ("nothing", ""))


@pytest.mark.parametrize(
    "statement", ["update audit_log set action = 'x'", "delete from audit_log", "truncate audit_log"]
)
def test_the_audit_cannot_be_changed(mc: Services, owner: Engine, statement: str) -> None:
    one_row(mc)
    with pytest.raises(Exception, match="append-only"), owner.begin() as connection:
        connection.execute(text(statement))
    with pytest.raises(Exception, match="permission denied"), mc.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "drop trigger audit_log_append_only on audit_log",
        "alter table audit_log disable trigger audit_log_append_only",
        "alter table audit_log disable trigger all",
        "alter table audit_log rename to forgotten",
        "alter table audit_log drop column detail",
        "alter table audit_log owner to current_user",
        "create rule forget as on insert to audit_log do instead nothing",
        "create trigger forget before insert on audit_log for each row execute function audit_log_is_append_only()",
        "drop table audit_log cascade",
        "drop function audit_log_is_append_only() cascade",
        DISARMED,
        "alter function audit_log_is_append_only() rename to forgotten",
        "drop schema public cascade",
        "alter schema public rename to forgotten",
        "drop owned by current_user cascade",
        "set session_replication_role = replica",
        "set role mission_control_owner",
        "set session authorization mission_control_owner",
        "grant all on audit_log to current_user",
        "reassign owned by mission_control_owner to current_user",
    ],
)
def test_the_applications_role_cannot_take_the_audit_away(mc: Services, owner: Engine, statement: str) -> None:
    one_row(mc)
    with suppress(ProgrammingError), mc.engine.connect() as connection, connection.begin() as attempt:
        connection.execute(text("set lock_timeout = '2s'"))
        connection.execute(text(statement))
        with suppress(ProgrammingError), connection.begin_nested():
            connection.execute(text("update audit_log set action = 'x'"))
        connection.execute(text("select count(*) from audit_log"))
        rows = connection.scalar(text("select count(*) from audit_log where action = 'test'"))
        attempt.rollback()
        assert rows == 1, statement  # what was allowed took nothing away
    with owner.connect() as connection:
        assert connection.scalar(text("select tgenabled from pg_trigger where tgname = 'audit_log_append_only'")) == "O"


def test_migrating_says_whether_the_audit_is_safe_from_the_applications_role(mc: Services, services: Databases) -> None:
    assert is_audit_safe(mc.engine)
    url = services.create_database()
    engine = create_engine(url)
    migrate(engine)
    assert not is_audit_safe(engine)
    engine.dispose()
    services.drop_database(url)
