"""A hung PostgreSQL is not a dead one: its kernel still acknowledges every byte, so no TCP time-out ever fires, and
`statement_timeout` needs a server that runs. Here the client counts the seconds itself."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import event, text

if TYPE_CHECKING:
    from psycopg.abc import PQGen
    from sqlalchemy import Connection, Engine

T = TypeVar("T")

REST_AFTER_FAILURE_S = 2.0


class ImpatientConnection(psycopg.Connection[Any]):
    """Raises OperationalError, and closes itself, when an answer takes longer than `patience_s`."""

    patience_s: float | None = None

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        try:
            return super().wait(gen, interval, self.patience_s if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # the answer may still come, and would be taken for the next one's
            raise


@dataclass
class _Door:
    """After a connection that failed nobody tries for a moment, and then one alone: nobody else waits for it."""

    failing: bool = False
    next_try: float = 0.0

    def knock(self) -> None:
        now = time.monotonic()
        if self.failing and now < self.next_try:
            raise psycopg.OperationalError("it did not answer a moment ago")
        self.next_try = now + REST_AFTER_FAILURE_S

    def failed(self) -> None:
        self.failing, self.next_try = True, time.monotonic() + REST_AFTER_FAILURE_S

    def opened(self) -> None:
        self.failing = False


def answer_within(engine: Engine, seconds: float, *, idle_s: float | None = None) -> Engine:
    """Give up on every question to PostgreSQL after `seconds`, whatever state the server is in.

    A connection that waited in the pool is given up after `idle_s` when it is tried again.
    """
    door = _Door()

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, options: Any) -> ImpatientConnection:  # noqa: ANN401 — SQLAlchemy's
        door.knock()
        try:
            connection = ImpatientConnection.connect(*args, **options)
        except psycopg.OperationalError:
            door.failed()
            raise
        door.opened()
        connection.patience_s = seconds
        return connection

    @event.listens_for(engine, "checkin")
    def rest(connection: ImpatientConnection | None, _record: Any) -> None:  # noqa: ANN401 — the same
        if connection is not None:
            connection.patience_s = idle_s or seconds

    @event.listens_for(engine, "checkout")
    def work(connection: ImpatientConnection, _record: Any, _proxy: Any) -> None:  # noqa: ANN401 — the same
        connection.patience_s = seconds

    return engine


def take_time(connection: Connection, seconds: int) -> None:
    """What follows in this transaction may take so long, a statement: for the server and for us who wait."""
    connection.execute(text(f"set local statement_timeout = '{seconds}s'"))
    cast("ImpatientConnection", connection.connection.driver_connection).patience_s = seconds + 5
