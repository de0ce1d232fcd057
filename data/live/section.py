"""The words in which an area says what it brings to the live state, in its `data/<area>/live.py` as SECTIONS."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from data.clock import epoch_ms

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.live.acknowledgements import Alarm
    from data.live.reads import Stamp
    from data.permissions import Permission
    from data.status import Status

State = dict[str, Any]
LIMIT_S = 0.5


@dataclass(frozen=True, slots=True)
class Vitals:
    """What Redis says: the length of the queue, the heartbeats (epoch seconds), how fast it said so; since when the
    product runs and when the newest event was accepted (epoch milliseconds)."""

    queue_depth: int
    beats: dict[str, float | None]
    latency_ms: float
    started: int | None = None
    newest_event: int | None = None


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What a reading may look at: PostgreSQL, how long it took to answer, and what is known for everybody."""

    connection: Connection
    now: datetime
    vitals: Vitals
    stamps: tuple[Stamp, ...]
    postgres_ms: float
    acknowledged_by: Mapping[Alarm, str]

    @property
    def acknowledgements(self) -> Hashable:
        """Changes when somebody takes an alarm on."""
        return frozenset(self.acknowledged_by.items())

    @property
    def minute(self) -> datetime:
        return self.now.replace(second=0, microsecond=0)


Read = Callable[[ReadContext], State]


@dataclass(frozen=True, slots=True)
class LiveSection:
    """A part of the live state that is read, fails, ages and is permitted as one.

    `shape` is the TypedDict of what it brings; two sections may bring different keys of one nested object. `read` is a
    function, or a class without parameters whose instances remember (one serves one publisher). It is read at most
    every `every_s` seconds, 0 is with every state, and before its time where `version` changes; `limit_s` is what one
    statement may take. `status` judges a state by what the section brought; without it there is nothing to judge.
    Who lacks one of the permissions in `needs` gets nothing of it.
    """

    name: str
    every_s: float
    needs: tuple[Permission, ...]
    shape: type
    read: Read | type[Any]
    status: Callable[[State], Status] | None = None
    version: Callable[[ReadContext], Hashable] | None = None
    limit_s: float = LIMIT_S


def known(**values: Any) -> State:  # noqa: ANN401 — whatever JSON holds
    """Without what is None; a moment becomes epoch milliseconds."""
    return {
        name: epoch_ms(value) if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }
