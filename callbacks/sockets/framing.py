"""A WebSocket's bytes: frames made once for everybody, and a socket that no client can make us wait on for ever."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time

from wsproto import frame_protocol
from wsproto.frame_protocol import FrameProtocol

SEND_S = 5.0  # a frame that is not out by then ends the connection
UNACKNOWLEDGED_S = 20
LINGER_S = 1.0
INPUT_BYTES_S = 128 * 1024
INPUT_BURST = 512 * 1024

RESTARTING = (frame_protocol.CloseReason.SERVICE_RESTART, "restarting, come again in a moment")
FLOODED = (frame_protocol.CloseReason.POLICY_VIOLATION, "too many messages")
TOO_BIG = (frame_protocol.CloseReason.MESSAGE_TOO_BIG, "message is too big")


def text_frame(text: bytes) -> bytes:
    """A whole text message as it goes over the wire, the same for every client."""
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(text.decode(), fin=True))


def close_frame(code: int, reason: str) -> bytes:
    return bytes(FrameProtocol(client=False, extensions=[]).close(code, reason))


def abort(raw: socket.socket) -> None:
    """End both directions: whoever waits on this socket wakes up."""
    with contextlib.suppress(OSError):
        raw.shutdown(socket.SHUT_RDWR)


class TokenBucket:
    """`take` is False when more than `rate` a second came in, after a burst of `burst`."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._left, self._at = burst, time.monotonic()

    def take(self, amount: float = 1) -> bool:
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - amount
        self._at = now
        return self._left >= 0


class GuardedSocket:
    """What simple-websocket is given in place of the connection's socket.

    Its `send` returns after a part, waits for ever on a client that does not read, and is called from two threads.
    Here a message goes out whole or the connection ends, one thread at a time; what comes in is metered; closing
    lets the client read why.
    """

    def __init__(self, raw: socket.socket) -> None:
        self._raw = raw
        self._sending = threading.Lock()
        self._input = TokenBucket(INPUT_BYTES_S, INPUT_BURST)
        self._closed = False
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", int(SEND_S), 0))
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_S * 1000)

    def fileno(self) -> int:
        return self._raw.fileno()

    def send(self, data: bytes) -> int:
        """All of `data`, or OSError and the end of the connection."""
        with self._sending:
            if self._closed:
                raise BrokenPipeError("the connection was closed by us")
            try:
                self._send_all(memoryview(data))
            except OSError:
                self._closed = True
                self.abort()
                raise
        return len(data)

    def _send_all(self, left: memoryview) -> None:
        deadline = time.monotonic() + SEND_S
        while left:
            left = left[self._raw.send(left) :]
            if left and time.monotonic() > deadline:
                raise TimeoutError("the client does not read")

    def recv(self, size: int) -> bytes:
        data = self._raw.recv(size)
        if not self._input.take(len(data)):
            self.send_close(*FLOODED)
            return b""
        return data

    def send_close(self, code: int, reason: str) -> None:
        """The close frame, and nothing of ours after it. Never raises."""
        with self._sending:
            if self._closed:
                return
            self._closed = True
            with contextlib.suppress(OSError):
                self._send_all(memoryview(close_frame(code, reason)))
                self._raw.shutdown(socket.SHUT_WR)

    def abort(self) -> None:
        abort(self._raw)

    def close(self) -> None:
        """Called by the reading thread at its end. What still comes in is thrown away for a moment: closing a socket
        with unread input resets it, and the client would never read why it was closed."""
        with contextlib.suppress(OSError):
            self._raw.shutdown(socket.SHUT_WR)
            deadline = time.monotonic() + LINGER_S
            while (left := deadline - time.monotonic()) > 0:
                self._raw.settimeout(left)
                if not self._raw.recv(65536):
                    break
        self._raw.close()
