"""The hub: everybody who watches in this process, and the state they see."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from callbacks.sockets.framing import RESTARTING, text_frame
from data.errors import Unavailable
from data.live.channel import KEPT_FRAMES, Frame, fold
from data.live.sections import encoded_for

if TYPE_CHECKING:
    from callbacks.sockets.client import Client, CloseReason
    from data.live.sections import Audience

RETRY_FULL_S = 10
RETRY_RESTART_S = 2


class EncodedFrame:
    """One frame, as each audience gets it: made once for all who may see the same."""

    def __init__(self, seq: int, raw: bytes) -> None:
        self.seq = seq
        self._raw = raw
        self._by_audience: dict[Audience, bytes] = {}

    def encoded_for(self, audience: Audience) -> bytes:
        if audience not in self._by_audience:
            self._by_audience[audience] = text_frame(encoded_for(self._raw, audience))
        return self._by_audience[audience]


class Hub:
    """One lock orders joining and broadcasting, so that what a client sees first and what follows fit together."""

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._used = 0
        self._clients: set[Client] = set()
        self._lock = threading.Lock()
        self._latest: Frame | None = None
        self._snapshot = EncodedFrame(-1, b"")
        self._recent: deque[EncodedFrame] = deque(maxlen=KEPT_FRAMES)
        self.closing = threading.Event()

    @property
    def seq(self) -> int:
        return self._latest.seq if self._latest else 0

    @property
    def used_slots(self) -> int:
        return self._used

    @property
    def clients(self) -> list[Client]:
        with self._lock:
            return list(self._clients)

    def reserve(self) -> None:
        """Take a slot before the upgrade. Raises Unavailable when there is none, or when the hub closes."""
        with self._lock:
            if self.closing.is_set():
                raise Unavailable("This service is restarting", retry_after=RETRY_RESTART_S)
            if self._used >= self._slots:
                raise Unavailable(f"All {self._slots} sockets are taken", retry_after=RETRY_FULL_S)
            self._used += 1

    def release(self) -> None:
        with self._lock:
            self._used -= 1

    def join(self, client: Client, since: int | None) -> None:
        """Let the client watch: from after `since` where those frames are still here, else from a whole state."""
        with self._lock:
            self._clients.add(client)
            client.refill(self._missed(client.audience, since))
            if self.closing.is_set():
                client.end(RESTARTING)

    def leave(self, client: Client) -> None:
        with self._lock:
            self._clients.discard(client)

    def catch_up(self, client: Client) -> None:
        """The whole state instead of the frames that the client was too slow for."""
        with self._lock:
            client.refill(self._missed(client.audience))

    def broadcast(self, frame: Frame, raw: bytes) -> bool:
        """Hand a frame to everybody; False when frames before it are missing, then nobody gets it."""
        with self._lock:
            latest = fold(self._latest, [frame])
            if latest is None:
                return False
            self._latest = latest
            encoded = EncodedFrame(frame.seq, raw)
            if self._recent and frame.seq != self._recent[-1].seq + 1:
                self._recent.clear()
            self._recent.append(encoded)
            for client in self._clients:
                client.offer(encoded.encoded_for(client.audience))
            return True

    def reset(self, frame: Frame, recent: list[tuple[int, bytes]]) -> None:
        """Start again from a whole state, for everybody; `recent` are the frames that led to it."""
        with self._lock:
            self._latest = frame
            self._recent.clear()
            self._recent.extend(EncodedFrame(seq, raw) for seq, raw in recent)
            for client in self._clients:
                client.refill(self._missed(client.audience))

    def close(self, close_reason: CloseReason = RESTARTING) -> None:
        """Ask everybody to leave, and let nobody in."""
        self.closing.set()
        for client in self.clients:
            client.end(close_reason)

    def _missed(self, audience: Audience, since: int | None = None) -> list[bytes]:
        if since is not None and (since == self.seq or (self._recent and self._recent[0].seq <= since + 1 <= self.seq)):
            return [encoded.encoded_for(audience) for encoded in self._recent if encoded.seq > since]
        return [self._newest().encoded_for(audience)] if self._latest else []

    def _newest(self) -> EncodedFrame:
        latest = self._latest
        if latest and self._snapshot.seq != latest.seq:
            self._snapshot = EncodedFrame(latest.seq, latest.encoded())
        return self._snapshot
