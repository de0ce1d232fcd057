"""The live channel in Redis: frames in a stream, and the newest whole state beside it.

A frame is an envelope `{v, id, type, ts, seq, payload}` as JSON: `snapshot` carries a state, `delta` a merge patch
against the state before; `ts` is in epoch milliseconds. A frame's `seq` is also its id in the stream (`seq-0`), so
Redis itself refuses a frame that is not newer than the last one: two publishers cannot mix their frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import orjson
from redis.exceptions import ResponseError

from data.live.diff import merge
from data.serialization import dumps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redis import Redis

    from data.live.section import State

STREAM = "mc:live"
SNAPSHOT = "mc:live:snapshot"
HEARTBEAT = "mc:hb:{}"
HEARTBEAT_LIFE_S = 60
NEWEST_EVENT = "mc:newest-event"
STARTED = "mc:started"
STARTED_LIFE_S = 15
KEPT_FRAMES = 300
_FIELD = b"frame"


class Superseded(Exception):
    """The stream holds a newer frame: another publisher leads."""


@dataclass(frozen=True, slots=True)
class Frame:
    seq: int
    type: Literal["snapshot", "delta"]
    payload: State
    ts: int

    def encoded(self) -> bytes:
        return envelope(self.type, self.payload, seq=self.seq, ts=self.ts, name=f"live-{self.seq}")

    @classmethod
    def decoded(cls, raw: bytes) -> Frame:
        found = orjson.loads(raw)
        return cls(found["seq"], found["type"], found["payload"], found["ts"])


def envelope(kind: str, payload: dict[str, Any], *, seq: int, ts: int, name: str) -> bytes:
    return dumps({"v": 1, "id": name, "type": kind, "ts": ts, "seq": seq, "payload": payload})


def publish(redis: Redis, frame: Frame) -> None:
    """Append a frame; a snapshot is kept beside the stream too. Raises Superseded."""
    raw = frame.encoded()
    try:
        redis.xadd(STREAM, {_FIELD: raw}, id=f"{frame.seq}-0", maxlen=KEPT_FRAMES, approximate=True)
    except ResponseError as error:
        if "equal or smaller" in str(error):
            raise Superseded(str(error)) from error
        raise
    if frame.type == "snapshot":
        redis.set(SNAPSHOT, raw)


def last_seq(redis: Redis) -> int:
    """The newest seq that Redis knows of, 0 when it knows none."""
    newest: Any = redis.xrevrange(STREAM, count=1)
    kept: Any = redis.get(SNAPSHOT)
    return max(_seq_of(newest[0][0]) if newest else 0, Frame.decoded(kept).seq if kept else 0)


def read(redis: Redis, after: int, *, block_ms: int | None = None, count: int = 100) -> list[bytes]:
    """Frames newer than `after`, oldest first; waits up to `block_ms` for the first one."""
    found: Any = redis.xread({STREAM: f"{after}-0"}, count=count, block=block_ms)
    return [fields[_FIELD] for _, entries in found for _, fields in entries]


def load(redis: Redis) -> Frame | None:
    """The newest state as a snapshot frame: the one that is kept, with the deltas since; None when there is none."""
    kept: Any = redis.get(SNAPSHOT)
    first = Frame.decoded(kept) if kept else None
    return fold(first, (Frame.decoded(raw) for raw in read(redis, first.seq if first else 0, count=10 * KEPT_FRAMES)))


def history(redis: Redis) -> tuple[Frame | None, list[tuple[int, bytes]]]:
    """The newest state, and the frames that lead to it without a gap (seq and bytes), oldest first."""
    state = load(redis)
    tail: list[tuple[int, bytes]] = []
    for raw in read(redis, 0, count=10 * KEPT_FRAMES):
        seq = Frame.decoded(raw).seq
        if state is None or seq > state.seq:
            break
        if tail and seq != tail[-1][0] + 1:
            tail.clear()
        tail.append((seq, raw))
    return state, tail if state and tail and tail[-1][0] == state.seq else []


def fold(state: Frame | None, frames: Iterable[Frame]) -> Frame | None:
    """`state` with `frames` applied. After a gap nothing is known until the next snapshot."""
    for frame in frames:
        if frame.type == "snapshot":
            state = frame
        elif state and frame.seq == state.seq + 1:
            state = Frame(frame.seq, "snapshot", merge(state.payload, frame.payload), frame.ts)
        else:
            state = None
    return state


def beat(redis: Redis, process: str, epoch_s: float) -> None:
    """Say that a process of this kind is alive."""
    redis.set(HEARTBEAT.format(process), int(epoch_s), ex=HEARTBEAT_LIFE_S)


def keep_started(redis: Redis, epoch_s: float) -> None:
    """Keep the moment since which the product runs; it is forgotten when nobody kept it for a while."""
    redis.set(STARTED, int(epoch_s * 1000), nx=True)
    redis.expire(STARTED, STARTED_LIFE_S)


def note_event(redis: Redis, epoch_s: float) -> None:
    """Say when the newest event was accepted."""
    redis.set(NEWEST_EVENT, int(epoch_s * 1000))


def _seq_of(entry_id: bytes) -> int:
    return int(entry_id.partition(b"-")[0])
