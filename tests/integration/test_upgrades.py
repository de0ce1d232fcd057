"""A database comes up to this version in order, or the start says why not."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from data.db import create_engine
from data.migrations.run import migrate
from tests.product import COMMAND, Product
from tests.support import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support import Services

BEFORE = "a version before 0.1.0 made it; back it up, and start with an empty one"
NEWER = "a newer version made it; run that one, or restore a backup from before it"


@pytest.fixture
def url(services: Services) -> Iterator[str]:
    """The address of an empty database."""
    url = services.create_database()
    yield url
    services.drop_database(url)


@pytest.fixture
def env(services: Services, url: str) -> dict[str, str]:
    return {"DATABASE_URL": url, "REDIS_URL": services.redis_url, "SECRET_KEY": "tests only " * 4}


def run_sql(url: str, *statements: str) -> list[list[object]]:
    engine = create_engine(url)
    with engine.begin() as connection:
        results = [connection.execute(text(each)) for each in statements]
        found = [list(each.scalars()) for each in results if each.returns_rows]
    engine.dispose()
    return found


def stand_at(url: str, revision: str) -> None:
    run_sql(
        url,
        "create table alembic_version (version_num varchar(32) primary key)",
        f"insert into alembic_version (version_num) values ('{revision}')",
        "create table domains (domain_name text primary key)",
    )


def refusal(url: str, revision: str, why: str) -> str:
    return (
        f"mission-control: The database {url.rpartition('/')[2]} stands at revision {revision}, "
        f"which this version does not know: {why} (docs/operations.md, Upgrading)\n"
    )


@pytest.mark.parametrize(("revision", "why"), [("0024", BEFORE), ("0005", BEFORE), ("9999_later", NEWER)])
def test_a_database_of_a_revision_that_is_not_ours_is_refused_in_one_line_and_kept(
    url: str, env: dict[str, str], revision: str, why: str
) -> None:
    stand_at(url, revision)
    done = subprocess.run([COMMAND, "migrate"], env=os.environ | env, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", refusal(url, revision, why))
    tables = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1"
    assert run_sql(url, tables, "select version_num from alembic_version") == [
        ["alembic_version", "domains"],
        [revision],
    ]


def test_a_start_on_such_a_database_says_that_line(url: str, env: dict[str, str]) -> None:
    stand_at(url, "0024")
    with temporary_folder() as folder:
        product = Product.start(Path(folder) / "home", account=None, port=0, **env)
        try:
            assert product.process.wait(30) == 1
            assert refusal(url, "0024", BEFORE) in product.said()
        finally:
            product.stop()


def test_a_database_that_is_up_to_date_is_migrated_again_without_a_change(url: str) -> None:
    engine = create_engine(url)
    schema = """select attrelid::regclass::text || '.' || attname from pg_attribute join pg_class c on c.oid = attrelid
                where attnum > 0 and relnamespace = 'public'::regnamespace order by 1"""
    migrate(engine)
    once = run_sql(url, schema)
    migrate(engine)
    assert run_sql(url, schema) == once
    engine.dispose()
