"""A database comes up to this version in order, or the start says why not."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from data.db import create_engine
from data.migrations.run import migrate
from tests.product import COMMAND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support import Services

NEXT_STEP = {
    "0024": "a version before 0.1.0 made it; back it up, and start with an empty one",
    "0005": "a version before 0.1.0 made it; back it up, and start with an empty one",
    "9999_later": "a newer version made it; run that one, or restore a backup from before it",
}


@pytest.fixture
def url(services: Services) -> Iterator[str]:
    """The address of an empty database."""
    url = services.create_database()
    yield url
    services.drop_database(url)


def run_sql(url: str, *statements: str) -> list[list[object]]:
    engine = create_engine(url)
    with engine.begin() as connection:
        results = [connection.execute(text(each)) for each in statements]
        found = [list(each.scalars()) for each in results if each.returns_rows]
    engine.dispose()
    return found


@pytest.mark.parametrize("revision", NEXT_STEP)
def test_a_database_of_a_revision_that_is_not_ours_is_refused_in_one_line_and_kept(url: str, revision: str) -> None:
    run_sql(
        url,
        "create table alembic_version (version_num varchar(32) primary key)",
        f"insert into alembic_version (version_num) values ('{revision}')",
        "create table domains (domain_name text primary key)",
    )
    done = subprocess.run(
        [COMMAND, "migrate"],
        env=os.environ | {"DATABASE_URL": url, "REDIS_URL": "redis://127.0.0.1:1/0", "SECRET_KEY": "tests only " * 4},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    name = url.rpartition("/")[2]
    assert done.stderr == (
        f"mission-control: The database {name} stands at revision {revision}, which this version does not know: "
        f"{NEXT_STEP[revision]} (docs/operations.md, Upgrading)\n"
    )
    tables, at = run_sql(
        url,
        "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1",
        "select version_num from alembic_version",
    )
    assert (tables, at) == (["alembic_version", "domains"], [revision])


def test_a_database_that_is_up_to_date_is_migrated_again_without_a_change(url: str) -> None:
    engine = create_engine(url)
    schema = """select attrelid::regclass::text || '.' || attname from pg_attribute join pg_class c on c.oid = attrelid
                where attnum > 0 and relnamespace = 'public'::regnamespace order by 1"""
    migrate(engine)
    once = run_sql(url, schema)
    migrate(engine)
    assert run_sql(url, schema) == once
    engine.dispose()
