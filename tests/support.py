"""The real PostgreSQL and Valkey that the tests lean on."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from deploy.embedded import child
from deploy.embedded.postgres import NAME

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from deploy.embedded.instance_dir import InstanceDir


@dataclass(frozen=True)
class Services:
    """`database_url` leads to an empty database; a test that needs one to itself makes it with `create_database`."""

    database_url: str
    owner_url: str
    redis_url: str
    admin_url: str

    def create_database(self, template: str = "template0") -> str:
        """Answers the address of a new database of the application's role, a copy of the template."""
        name = f"test_{secrets.token_hex(6)}"
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy")
            connection.execute(statement.format(*map(sql.Identifier, (name, NAME, template))))
        return f"{self.database_url.rpartition('/')[0]}/{name}"

    def drop_database(self, url: str) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as connection:
            name = sql.Identifier(url.rpartition("/")[2])
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))


@contextmanager
def temporary_folder() -> Iterator[str]:
    """Short and open to pass: as root, PostgreSQL runs as another account, and pytest's own folders are closed."""
    folder = tempfile.mkdtemp(prefix="mission-control-test-")
    Path(folder).chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(program: child.Program, home: InstanceDir) -> Iterator[subprocess.Popen[bytes]]:
    process = child.start(program, home.log(program.name))
    try:
        child.wait_ready(program, process, home.log(program.name), seconds=30)
        yield process
    finally:
        child.stop(program, process, seconds=10)
