"""A hung PostgreSQL is not a dead one: its kernel still acknowledges every byte, so no TCP time-out ever fires, and
`statement_timeout` needs a server that runs. Here the client counts the seconds itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import event

if TYPE_CHECKING:
    from psycopg.abc import PQGen
    from sqlalchemy import Engine

T = TypeVar("T")


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


def answer_within(engine: Engine, seconds: float) -> Engine:
    """Give up on every question to PostgreSQL after `seconds`, whatever state the server is in."""

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, options: Any) -> ImpatientConnection:  # noqa: ANN401 — SQLAlchemy's
        connection = ImpatientConnection.connect(*args, **options)
        connection.patience_s = seconds
        return connection

    return engine
