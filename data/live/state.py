"""The live state: everything the wall shows, as one JSON object, put together from the sections of the areas. Times
are epoch milliseconds; what is not known is left out."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from data.cache import JOB_QUEUE
from data.live import acknowledgements, reads
from data.live.channel import HEARTBEAT, NEWEST_EVENT, STARTED
from data.live.section import LiveSection, ReadContext, Vitals, known
from data.live.sections import area_statuses, everything, statuses
from data.live.throttled import SHARE
from data.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Hashable
    from datetime import datetime

    from redis import Redis
    from sqlalchemy import Connection

    from data.live.section import State

log = logging.getLogger(__name__)

BEATS = ("worker", "beat", "sockets")
RETRY = 10  # a reading that failed after a while costs a tenth of the time at most
ON_TIME_S = 2.0  # what a section may be older than its pace says before it says so itself


def ask_redis(redis: Redis) -> Vitals:
    start = time.perf_counter()
    with redis.pipeline(transaction=False) as pipe:
        pipe.llen(JOB_QUEUE)
        pipe.mget([HEARTBEAT.format(process) for process in BEATS])
        pipe.mget([STARTED, NEWEST_EVENT])
        depth, stamps, moments = pipe.execute()
    took = (time.perf_counter() - start) * 1000
    beats = {name: float(stamp) if stamp else None for name, stamp in zip(BEATS, stamps, strict=True)}
    return Vitals(depth, beats, took, *(int(moment) if moment else None for moment in moments))


class Reading:
    """A section with its last value and how old that is."""

    def __init__(self, section: LiveSection) -> None:
        self.section = section
        self.value: State = {}
        self.as_of: datetime | None = None
        self._read = section.read() if isinstance(section.read, type) else section.read
        self._due = 0.0
        self._mark: Hashable = None
        self._failing = False

    def refresh(self, context: ReadContext) -> None:
        """Read it again when it is due. What fails keeps its last value, and spoils nothing for those beside it.

        Raises SQLAlchemyError when the connection is lost: then nobody can read.
        """
        start = time.monotonic()
        mark = self.section.version(context) if self.section.version else None
        if start < self._due and mark == self._mark:
            return
        self._mark = mark
        try:
            with context.connection.begin_nested():
                context.connection.exec_driver_sql(f"set local statement_timeout = {self.section.limit_s * 1000:.0f}")
                self.value = self._read(context)
        except Exception as error:  # a defect of one area's reading is no reason to show nothing of the others
            if _is_lost(context.connection, error):
                raise
            self._report(error)
            self.as_of = self.as_of or context.now
            self._due = time.monotonic() + RETRY * (time.monotonic() - start)
        else:
            self.as_of, self._failing = context.now, False
            took = time.monotonic() - start
            self._due = start + max(self.section.every_s, SHARE * took) if self.section.every_s else 0.0

    def is_late(self, now: datetime) -> bool:
        return self.as_of is not None and (now - self.as_of).total_seconds() > self.section.every_s + ON_TIME_S

    def forget(self) -> None:
        self._due = 0.0

    def _report(self, error: Exception) -> None:
        """Once for each trouble: a publisher reads every second."""
        if not self._failing:
            log.warning("the live section %s cannot be read", self.section.name, exc_info=error)
        self._failing = True


class Builder:
    """Builds a state a second. It remembers what is read less often, so one builder serves one publisher."""

    def __init__(self, *, with_sockets: bool = True, sections: tuple[LiveSection, ...] | None = None) -> None:
        self._with_sockets = with_sockets
        self._readings = [Reading(section) for section in (everything() if sections is None else sections)]
        self._acknowledgements = Reading(LiveSection("acknowledgements", 0.5, (), dict, _acknowledgements))

    def build(self, connection: Connection, vitals: Vitals, now: datetime) -> State:
        context = self._read_context(connection, vitals, now)
        for reading in self._readings:
            reading.refresh(context)
        state = joined(reading.value for reading in self._readings) | known(
            started=vitals.started,
            newest_event=vitals.newest_event,
            as_of=now,
            tick=now,
            version=VERSION,
            stamps={stamp.view: known(version=stamp.version, refreshed=stamp.refreshed_at) for stamp in context.stamps},
        )
        return judged(state, {each.section.name: each.as_of for each in self._readings if each.is_late(now)})

    def forget_trends(self) -> None:
        """A minute was noted: the next state shows it."""
        for reading in self._readings:
            if reading.section.name == "trends":
                reading.forget()

    def _read_context(self, connection: Connection, vitals: Vitals, now: datetime) -> ReadContext:
        start = time.perf_counter()
        stamps = reads.stamps(connection, now)
        took_ms = (time.perf_counter() - start) * 1000
        if not self._with_sockets:
            vitals = replace(vitals, beats={name: at for name, at in vitals.beats.items() if name != "sockets"})
        context = ReadContext(connection, now, vitals, stamps, took_ms, {})
        self._acknowledgements.refresh(context)
        return replace(context, acknowledged_by=self._acknowledgements.value.get("acknowledged_by", {}))


def build_state(connection: Connection, redis: Redis, now: datetime) -> State:
    """One state, for whoever wants no stream of them."""
    return Builder().build(connection, ask_redis(redis), now)


def judged(state: State, late: dict[str, datetime | None] | None = None) -> State:
    """The state with the status of each section and each area; what is `late` says as of when it is, as it did."""
    found = statuses(state)
    if late is None:
        late = {name: section["as_of"] for name, section in state.get("sections", {}).items() if "as_of" in section}
    sections = {name: known(status=found.get(name), as_of=late.get(name)) for name in (found | late)}
    return state | {"sections": sections, "areas": area_statuses(found)}


def joined(parts: Any) -> State:  # noqa: ANN401 — any iterable of parts
    """All parts as one. Where two bring different keys of one object, that holds both."""
    whole: State = {}
    for part in parts:
        for key, value in part.items():
            if isinstance(value, dict) and isinstance(whole.get(key), dict):
                whole[key] = joined((whole[key], value))
            else:
                whole[key] = value
    return whole


def _acknowledgements(context: ReadContext) -> State:
    return {"acknowledged_by": acknowledgements.known(context.connection, context.now)}


def _is_lost(connection: Connection, error: Exception) -> bool:
    """Whether the connection ended, not only the reading."""
    return connection.invalidated or (isinstance(error, DBAPIError) and error.connection_invalidated)
