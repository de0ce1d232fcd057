"""What a request, or a task, does to PostgreSQL: one transaction, begun by whoever asks first and ended once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from psycopg.pq import TransactionStatus

from data.db import driver, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection, Engine


class UnitOfWork:
    """Holds a connection from the first use to `release` or `rollback`; whoever asks after that begins another
    transaction."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._connection: Connection | None = None
        self._follow: list[Callable[[], object]] = []

    @property
    def connection(self) -> Connection:
        """Raises Unavailable when there is none to be had."""
        if self._connection is None:
            with translated():
                self._connection = self.engine.connect()
        return self._connection

    def after_commit(self, do: Callable[[], object]) -> None:
        """What follows the commit, and only a commit: it must not fail, for nothing can be taken back then."""
        self._follow.append(do)

    def release(self) -> None:
        """Commit and let the connection go: before the answer leaves, before drawing, before waiting for others.

        Raises what the commit raises; then nothing was done, and nothing follows.
        """
        connection, follow = self._take()
        if connection is None:
            return
        with translated(), connection:
            if driver(connection).info.transaction_status == TransactionStatus.INERROR:
                raise RuntimeError("a transaction that failed would be committed: PostgreSQL rolls it back in silence")
            connection.commit()
        for do in follow:
            do()

    def rollback(self) -> None:
        """As if nothing had been done since the last release. Never fails."""
        connection, _ = self._take()
        if connection is not None:
            connection.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Released at the end, rolled back on an error. What the driver says is translated."""
        try:
            with translated():
                yield self.connection
        except BaseException:
            self.rollback()
            raise
        self.release()

    @contextmanager
    def apart(self) -> Iterator[Connection]:
        """A transaction of its own for what must stand when all else is taken back: what was open is rolled back."""
        self.rollback()
        with self.transaction() as connection:
            yield connection

    def _take(self) -> tuple[Connection | None, list[Callable[[], object]]]:
        taken = self._connection, self._follow
        self._connection, self._follow = None, []
        return taken
