"""A hung PostgreSQL is not a dead one: its kernel still acknowledges every byte, so no TCP time-out ever fires, and
`statement_timeout` needs a server that runs. Here the client counts the seconds itself.

A hung one is not a slow one either. What a person reads may take its time while PostgreSQL answers others: whoever
waits long looks on a connection of its own, and gives up at once when nothing answers there.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from sqlalchemy import event, text

from data.db import POOL_SIZE, POOL_WAIT_S, RETRY_AFTER_S, run_script
from data.errors import TooSlow, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from psycopg.abc import PQGen
    from sqlalchemy import Connection, Engine

    from data.unit_of_work import UnitOfWork

T = TypeVar("T")

REST_AFTER_FAILURE_S = 2.0
READ_S = 20  # for one statement of a panel
_BEYOND_S = 5  # so much longer than the server we wait ourselves
PROBE_AFTER_S = 2.0  # a probe takes two seconds at most: a hung server is told within four
PROBE_EVERY_S = 1.0
# Planned for each question: a plan for any target would be the wrong one for most.
_FOR_READING = "set transaction read only; set local plan_cache_mode = force_custom_plan; set local work_mem = '24MB'"
READERS = POOL_SIZE - 4  # who writes, signs in or probes finds a connection however slow all panels are


class DeadlineConnection(psycopg.Connection[Any]):
    """Raises OperationalError, and closes itself, when an answer takes longer than `patience_s`.

    While `alive` is set, that is asked as well, again and again, and its False ends the wait.
    """

    deadline_s: float | None = None
    alive: Callable[[], bool] | None = None

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        watched = gen if self.alive is None else self._watched(gen, self.alive)
        try:
            return super().wait(watched, interval, self.deadline_s if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # the answer may still come, and would be taken for the next one's
            raise

    @staticmethod
    def _watched(gen: PQGen[T], alive: Callable[[], bool]) -> Generator[Any, Any, T]:
        """`gen`, with probes of the server while nothing comes."""
        due = time.monotonic() + PROBE_AFTER_S
        try:
            wait = next(gen)
            while True:
                ready = yield wait
                if not ready and time.monotonic() > due:
                    if not alive():
                        raise psycopg.OperationalError("it answers nobody")
                    due = time.monotonic() + PROBE_EVERY_S
                wait = gen.send(ready)
        except StopIteration as end:
            return cast("T", end.value)


class _CircuitBreaker:
    """After a connection that open nobody tries for a moment, and then one alone: nobody else waits for it."""

    def __init__(self) -> None:
        self.is_open = False
        self._next_try = 0.0
        self._probing = threading.Lock()
        self._last_probe: tuple[float, bool] = (0.0, True)
        self._connect: Callable[[], DeadlineConnection] | None = None

    def call(self, connect: Callable[[], DeadlineConnection]) -> DeadlineConnection:
        now = time.monotonic()
        if self.is_open and now < self._next_try:
            raise psycopg.OperationalError("it did not answer a moment ago")
        self._next_try = now + REST_AFTER_FAILURE_S
        try:
            connection = connect()
        except psycopg.OperationalError:
            self.open()
            raise
        self.is_open, self._connect = False, connect
        return connection

    def open(self) -> None:
        self.is_open, self._next_try = True, time.monotonic() + REST_AFTER_FAILURE_S

    def alive(self) -> bool:
        """Whether PostgreSQL answers a connection of its own: one looks for all who wait."""
        with self._probing:
            at, alive = self._last_probe
            if time.monotonic() - at > PROBE_EVERY_S:
                alive = self._probe()
                self._last_probe = (time.monotonic(), alive)
            return alive

    def _probe(self) -> bool:
        if self._connect is None:
            return False
        try:
            with self._connect() as connection:
                connection.deadline_s = PROBE_AFTER_S / 2
                connection.execute("select 1")
        except psycopg.Error:
            self.open()
            return False
        return True


def set_deadline(engine: Engine, seconds: float, *, idle_s: float | None = None) -> Engine:
    """Give up on every question to PostgreSQL after `seconds`, whatever state the server is in.

    A connection that waited in the pool is given up after `idle_s` when it is tried again.
    """
    breaker = _CircuitBreaker()

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, args: Any, options: Any) -> DeadlineConnection:  # noqa: ANN401 — SQLAlchemy's
        connection = breaker.call(lambda: DeadlineConnection.connect(*args, **options))
        connection.deadline_s = seconds
        return connection

    @event.listens_for(engine, "checkin")
    def rest(connection: DeadlineConnection | None, _record: Any) -> None:  # noqa: ANN401 — the same
        if connection is not None:
            connection.deadline_s, connection.alive = idle_s or seconds, None

    @event.listens_for(engine, "checkout")
    def work(connection: DeadlineConnection, record: Any, _proxy: Any) -> None:  # noqa: ANN401 — the same
        connection.deadline_s = seconds
        record.info["alive"] = breaker.alive

    return engine


def extend_deadline(connection: Connection, seconds: int) -> None:
    """What follows in this transaction may take so long, a statement: for the server and for us who wait."""
    connection.execute(text(f"set local statement_timeout = '{seconds}s'"))
    cast("DeadlineConnection", connection.connection.driver_connection).deadline_s = seconds + _BEYOND_S


_reading = threading.BoundedSemaphore(READERS)


@contextmanager
def reading(unit: UnitOfWork) -> Iterator[Connection]:
    """What a person waits to see: a statement has `READ_S` while PostgreSQL answers others. Ends the transaction that
    is under way in `unit`, and whoever waits for a turn holds no connection meanwhile.

    Raises TooSlow after that, and Unavailable as `translated` does: within seconds where nothing answers at all.
    """
    if not _reading.acquire(blocking=False):
        unit.release()
        if not _reading.acquire(timeout=POOL_WAIT_S):
            raise Unavailable("PostgreSQL is busy with what others asked to read", retry_after=RETRY_AFTER_S)
    try:
        with unit.transaction() as connection:
            run_script(connection, f"set local statement_timeout = '{READ_S}s'; {_FOR_READING}")
            driver = cast("DeadlineConnection", connection.connection.driver_connection)
            driver.deadline_s = READ_S + _BEYOND_S
            driver.alive = connection.connection.info.get("alive")
            yield connection
    except Unavailable as error:
        if isinstance(getattr(error.__cause__, "orig", None), errors.QueryCanceled):
            raise TooSlow(f"This took longer than {READ_S} s to read: ask for less, or again later") from error
        raise
    finally:
        _reading.release()
