"""One connected client: a bounded queue of finished frames, and the reason why its connection is to end."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from data.live.sections import audience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from data.permissions import Actor

QUEUE = 4

CloseReason = tuple[int, str]


class Client:
    """Frames are put in by the feed's thread and taken out by the client's own, which `wake` wakes.

    `abort` ends the connection under a thread that is stuck in it.
    """

    def __init__(self, actor: Actor, wake: threading.Event, abort: Callable[[], None]) -> None:
        self.actor = actor
        self.audience = audience(actor.permissions)
        self.abort = abort
        self.close_reason: CloseReason | None = None
        self._wake = wake
        self._queue: deque[bytes] = deque()
        self._lock = threading.Lock()
        self._behind = False

    def offer(self, frame: bytes) -> None:
        """Queue a frame. A client that does not keep up loses them all and is `behind` until it was `refill`ed."""
        with self._lock:
            if len(self._queue) >= QUEUE:
                self._queue.clear()
                self._behind = True
            if not self._behind:
                self._queue.append(frame)
        self._wake.set()

    def refill(self, frames: Iterable[bytes]) -> None:
        with self._lock:
            self._queue = deque(frames)
            self._behind = False
        self._wake.set()

    def take(self) -> bytes | None:
        with self._lock:
            return self._queue.popleft() if self._queue else None

    @property
    def behind(self) -> bool:
        return self._behind

    def end(self, reason: CloseReason) -> None:
        """Ask the client's thread to say goodbye; the first reason stands."""
        self.close_reason = self.close_reason or reason
        self._wake.set()
