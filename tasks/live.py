"""The live publisher: one computation a second for the whole deployment, whoever and however many are watching.

Any number of publishers may run; the one that holds an advisory lock in PostgreSQL leads. It reads in a thread of its
own, so that a hung database makes the wall say so at once instead of making it stand still. While PostgreSQL is away
nobody can hold the lock: the one that led last goes on telling that it is away, with the state it had, and steps down
as soon as another's frame is in the stream.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from psycopg.errors import QueryCanceled
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from data import clock
from data.cache import create_redis
from data.db import create_engine
from data.deadline import set_deadline
from data.live import channel
from data.live.channel import Frame, Superseded
from data.live.diff import diff
from data.live.rules import with_symbol
from data.live.state import Builder, ask_redis, judged
from data.live.writes import note_minute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from data.live.section import State, Vitals
    from data.services import Services
    from data.settings import Settings

log = logging.getLogger(__name__)

LOCK = 20_261_121
POSTGRES_S = 2.0
REDIS_S = 0.5
READ_SHARE = 0.8  # of a tick; what is not read by then is told without
SNAPSHOT_EVERY = 30
BEAT_EVERY_S = 3.0


class Reader:
    """The lock and the readings, on one connection: whoever loses the one has lost the other."""

    def __init__(self, engine: Engine, *, with_sockets: bool) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._builder = Builder(with_sockets=with_sockets)
        self._minute: datetime | None = None

    def read(self, vitals: Vitals, now: datetime) -> State | None:
        """The state at `now`; None where another publisher leads. Raises SQLAlchemyError, and lets go of the lock."""
        try:
            if self._connection is None and not self._lead():
                return None
            return self._build(vitals, now)
        except BaseException:
            self.close()
            raise

    def _lead(self) -> bool:
        self._connection = self._engine.connect()
        with self._connection.begin():
            leads = bool(self._connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": LOCK}))
        if not leads:
            self._connection.close()
            self._connection = None
        return leads

    def _build(self, vitals: Vitals, now: datetime) -> State:
        assert self._connection is not None  # noqa: S101 — `read` has just seen to it
        with self._connection.begin():
            state = self._builder.build(self._connection, vitals, now)
            minute = now.replace(second=0, microsecond=0)
            if minute != self._minute:
                note_minute(
                    self._connection, minute, state.get("summary", {}) | {"queue_depth": state.get("queue_depth")}
                )
                self._builder.forget_trends()
                self._minute = minute
        return state

    def close(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


class Publisher:
    def __init__(self, services: Services) -> None:
        settings = services.settings
        self._interval = settings.dashboard_refresh_rate / 1000
        self._redis = create_redis(_redis_url(settings), timeout=REDIS_S)
        engine = create_engine(_database_url(settings), pool_size=1, statement_ms=int(POSTGRES_S * 1000))
        self._engine = set_deadline(engine, POSTGRES_S)
        self._reader = Reader(self._engine, with_sockets=settings.websocket_enabled)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="live-reader")
        self._reading: Future[State | None] | None = None
        self._state: State | None = None  # what the last frame told, None while another leads
        self._seq = 0
        self._ticks = 0
        self._whole = True  # whether the next frame must be a snapshot
        self._beaten = 0.0
        self._troubles: set[str] = set()

    def run(self, stop: threading.Event) -> None:
        """Tick on a steady grid until told to stop; a tick that is late skips those it missed."""
        due = time.monotonic()
        try:
            while not stop.is_set():
                self._beat()
                if time.monotonic() >= due:
                    self._tick_safely()
                    due += self._interval * max(1, math.ceil((time.monotonic() - due) / self._interval))
                stop.wait(min(max(0.0, due - time.monotonic()), BEAT_EVERY_S))
        finally:
            self._thread.shutdown(wait=True)
            self._reader.close()
            self._engine.dispose()
            self._redis.close()

    def _tick_safely(self) -> None:
        """A defect of ours costs its frame, not every frame after it."""
        try:
            self.tick()
            self._well("tick")
        except Exception:
            if "tick" not in self._troubles:
                log.exception("the live publisher stumbled")
            self._troubles.add("tick")
            self._whole = True

    def tick(self) -> None:
        """One second: read, compare, publish. What is away is told, logged once, and mends by itself."""
        now = clock.now()
        try:
            vitals = ask_redis(self._redis)
            state = self._read(vitals, now)
            if state is not None:
                self._publish(state, now)
            self._well("Redis")
        except Superseded:
            log.info("another live publisher leads")
            self._state, self._whole = None, True
        except (RedisError, OSError) as error:
            self._ill("Redis", error)
            self._whole = True

    def _beat(self) -> None:
        if time.monotonic() - self._beaten < BEAT_EVERY_S:
            return
        self._beaten = time.monotonic()
        with suppress(RedisError, OSError):
            channel.beat(self._redis, "beat", time.time())
            channel.keep_started(self._redis, time.time())

    def _read(self, vitals: Vitals, now: datetime) -> State | None:
        """What to tell now: a new state, the old one with PostgreSQL's trouble, or nothing because another leads."""
        reading = self._reading = self._reading or self._thread.submit(self._reader.read, vitals, now)
        if not wait([reading], timeout=self._interval * READ_SHARE).done:
            return self._troubled("degraded", now)
        self._reading = None
        try:
            state = reading.result()
        except SQLAlchemyError as error:
            self._ill("PostgreSQL", error)
            return self._troubled("degraded" if _was_slow(error) else "down", now)
        self._well("PostgreSQL")
        if state is None:
            self._state = None
        return state

    def _troubled(self, status: str, now: datetime) -> State | None:
        """The last state as it was, `as_of` included, so that every tile's age tells the truth."""
        if self._state is None:
            return None
        services = self._state.get("services", {})
        if services.get("postgres", {}).get("status") == "down":
            status = "down"
        troubled = services | {"postgres": with_symbol({"status": status})}
        return judged(self._state | {"tick": clock.epoch_ms(now), "services": troubled})

    def _publish(self, state: State, now: datetime) -> None:
        frame = self._frame(state, clock.epoch_ms(now))
        self._seq = frame.seq  # taken, even where the answer is lost on the way
        channel.publish(self._redis, frame)
        self._state, self._whole = state, False

    def _frame(self, state: State, ts: int) -> Frame:
        """The next frame. Whoever begins to lead counts on from what Redis knows, and from the clock where Redis
        forgot: at a few frames a second the clock's milliseconds are always ahead."""
        if self._state is None or self._whole:
            first = self._state is None
            seq = max(channel.last_seq(self._redis), self._seq, ts if first else 0) + 1
            self._ticks = 0
            return Frame(seq, "snapshot", state, ts)
        self._ticks += 1
        if self._ticks % SNAPSHOT_EVERY == 0:
            return Frame(self._seq + 1, "snapshot", state, ts)
        always = {"as_of": state["as_of"], "tick": state["tick"]}
        return Frame(self._seq + 1, "delta", diff(self._state, state) | always, ts)

    def _ill(self, what: str, error: BaseException) -> None:
        if what not in self._troubles:
            self._troubles.add(what)
            log.warning("%s does not answer the live publisher: %s", what, str(error).partition("\n")[0])

    def _well(self, what: str) -> None:
        if what in self._troubles:
            self._troubles.discard(what)
            log.info("%s answers the live publisher again", what)


def _was_slow(error: SQLAlchemyError) -> bool:
    return isinstance(error, DBAPIError) and isinstance(error.orig, QueryCanceled)


@contextmanager
def publishing(services: Services) -> Iterator[Publisher]:
    """Publish in a thread beside whatever else this process does; the lead is given up at the end."""
    publisher, stop = Publisher(services), threading.Event()
    thread = threading.Thread(target=publisher.run, args=[stop], name="live-publisher", daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        stop.set()
        thread.join(2 * POSTGRES_S)


def _database_url(settings: Settings) -> str:
    return settings.database_url.get_secret_value() if settings.database_url else ""


def _redis_url(settings: Settings) -> str:
    return settings.redis_url.get_secret_value() if settings.redis_url else ""
