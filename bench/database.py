"""The embedded PostgreSQL alone, with the settings it has in the product, in a bench home of its own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from data.db import create_engine
from data.migrations.run import migrate
from deploy.embedded import child
from deploy.embedded.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from deploy.embedded.instance_dir import InstanceDir

HOUR_MS = 3_600_000


@contextmanager
def serving(home: InstanceDir, port: int) -> Iterator[Engine]:
    """A migrated database; the home may be started as a whole afterwards and then holds what was loaded here."""
    home.make()
    state = home.state()
    home.save(state)
    postgres = Postgres.of(home, state, port)
    program = postgres.program()
    process = child.start(program, home.log("postgres"))
    try:
        child.wait_ready(program, process, home.log("postgres"), seconds=60)
        postgres.ensure_database()
        engine = create_engine(postgres.url, statement_ms=HOUR_MS)
        migrate(engine)
        yield engine
        engine.dispose()
    finally:
        child.stop(program, process, seconds=60)
