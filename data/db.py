"""The way to PostgreSQL: one engine a process, bounded in connections and in waiting."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import create_engine as sqlalchemy_engine
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data.errors import Clash, Unavailable
from data.serialization import loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import psycopg
    from sqlalchemy import Connection, Engine

POOL_SIZE = 10
POOL_WAIT_S = 3
CONNECT_S = 2
STATEMENT_MS = 15_000
IDLE_MS = 60_000  # a server process holds megabytes: one that nobody uses goes home
RETRY_AFTER_S = 2.0
_QUOTED, _QUOTE = re.compile(r"([\\\s])"), r"\\\1"  # as libpq wants them in its options
_CLASHES = ("40001", "40P01")  # serialization failure, deadlock


def create_engine(
    url: str, *, pool_size: int = POOL_SIZE, statement_ms: int = STATEMENT_MS, role: str | None = None
) -> Engine:
    """An engine whose every wait is bounded: for a connection, for the server, for a statement.

    `role` is the role that it acts as, where that is not the one that it signs in as.
    """
    options = f"-c timezone=UTC -c statement_timeout={statement_ms} -c idle_in_transaction_session_timeout=60000"
    options += f" -c idle_session_timeout={IDLE_MS}"
    if role is not None:
        options += f" -c role={_QUOTED.sub(_QUOTE, role)}"
    return sqlalchemy_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        json_deserializer=loads,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_use_lifo=True,  # so that those beyond what is needed rest until the server ends them
        connect_args={
            "connect_timeout": CONNECT_S,
            "options": options,
            "application_name": "mission-control",
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 2,
            "tcp_user_timeout": 10_000,
        },
    )


@contextmanager
def translated() -> Iterator[None]:
    """What the driver says of PostgreSQL, as our own errors.

    Unavailable when it is down, hung or out of connections; Clash when this transaction was given up for another one.
    """
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        if getattr(getattr(error, "orig", None), "sqlstate", None) in _CLASHES:
            raise Clash(f"Another writer was faster: {_reason(error)}", retry_after=RETRY_AFTER_S) from error
        raise Unavailable(f"The database does not answer: {_reason(error)}", retry_after=RETRY_AFTER_S) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("PostgreSQL closed the connection", retry_after=RETRY_AFTER_S) from error
        raise


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction, committed at the end. Raises Unavailable and Clash, as `translated` says."""
    with translated(), engine.begin() as connection:
        yield connection


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def driver(connection: Connection) -> psycopg.Connection:
    """The psycopg connection below, in the same transaction: for COPY and for scripts."""
    return cast("psycopg.Connection", connection.connection.driver_connection)


def run_script(connection: Connection, sql: str) -> int:
    """Several statements at once, without parameters (so that a % in them is a %); the first one's row count."""
    return driver(connection).execute(sql.encode()).rowcount


def frame(connection: Connection, sql: str, **values: Any) -> pd.DataFrame:  # noqa: ANN401 — bound by the driver
    """The rows of a query as a frame, with the query's column names. Only pages load pandas."""
    import pandas as pd

    result = connection.execute(text(sql), values)
    return pd.DataFrame.from_records([tuple(row) for row in result], columns=list(result.keys()))
