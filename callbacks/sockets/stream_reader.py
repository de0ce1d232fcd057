"""The one reader of the live stream in this process: from Redis to everybody who watches."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from redis.exceptions import RedisError

from data.live import channel
from data.live.channel import Frame

if TYPE_CHECKING:
    from redis import Redis

    from callbacks.sockets.hub import Hub

log = logging.getLogger(__name__)

BLOCK_MS = 1000
TIMEOUT_S = 3.0  # longer than a read may block
SILENT_S = 3.0
RETRY_S = 0.5


class StreamReader:
    """Follows the stream for as long as the hub is open, over any restart of Redis: the stream itself remembers what
    was published meanwhile, and where it lost that, the newest state is loaded."""

    def __init__(self, redis: Redis, hub: Hub) -> None:
        self._redis = redis
        self._hub = hub
        self._received_at = 0.0
        self._failing = False
        self.thread = threading.Thread(target=self.run, name="live-feed", daemon=True)

    @property
    def age_s(self) -> float | None:
        """Seconds since the last frame; None before the first."""
        return time.monotonic() - self._received_at if self._received_at else None

    def run(self) -> None:
        while not self._hub.closing.is_set():
            try:
                self._step()
                self._failing = False
            except (RedisError, OSError, ValueError, KeyError) as error:
                if not self._failing:
                    log.warning("the live stream cannot be read, trying again: %s", error)
                self._failing = True
                self._hub.closing.wait(RETRY_S)

    def _step(self) -> None:
        if not self._hub.seq:
            self._load()
        frames = channel.read(self._redis, self._hub.seq, block_ms=BLOCK_MS)
        for raw in frames:
            self._take(raw)
        if not frames and (self.age_s or 0.0) > SILENT_S and channel.last_seq(self._redis) != self._hub.seq:
            self._load()

    def _take(self, raw: bytes) -> None:
        self._received_at = time.monotonic()
        if not self._hub.broadcast(Frame.decoded(raw), raw):
            self._load()

    def _load(self) -> None:
        """The newest state, where it is not what everybody sees already: at the start, after a gap, and when the
        stream has fallen silent because Redis came back without its data and counts from somewhere else."""
        newest, recent = channel.history(self._redis)
        if newest and newest.seq != self._hub.seq:
            self._hub.reset(newest, recent)
            self._received_at = time.monotonic()
