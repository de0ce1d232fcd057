"""Many viewers of the live channel on one thread: RFC 6455 as far as a reader needs it."""

from __future__ import annotations

import base64
import os
import selectors
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


@dataclass
class Viewer:
    """One socket; `buffer` holds what came and is not yet a whole frame."""

    sock: socket.socket
    buffer: bytearray = field(default_factory=bytearray)

    @classmethod
    def connect(cls, url: str, key: str) -> Self:
        """Shakes hands. Raises RuntimeError where the server refuses."""
        address = urlsplit(url)
        sock = socket.create_connection((address.hostname or "", address.port or 80), timeout=10)
        nonce = base64.b64encode(os.urandom(16)).decode()
        lines = (
            f"GET {address.path} HTTP/1.1",
            f"Host: {address.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {nonce}",
            "Sec-WebSocket-Version: 13",
            f"Authorization: Bearer {key}",
        )
        sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = bytearray()
        while b"\r\n\r\n" not in answer:
            part = sock.recv(65_536)
            if not part:
                break
            answer += part
        head, _, rest = bytes(answer).partition(b"\r\n\r\n")
        if b" 101 " not in head.split(b"\r\n", 1)[0]:
            sock.close()
            raise RuntimeError(f"no socket: {head[:200]!r}")
        sock.setblocking(False)
        return cls(sock, bytearray(rest))

    def frames(self) -> list[tuple[int, bytes]]:
        """The whole frames that have come: (opcode, payload)."""
        found = []
        while (frame := self._frame()) is not None:
            found.append(frame)
        return found

    def pong(self, payload: bytes) -> None:
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
        self.sock.send(bytes([0x80 | PONG, 0x80 | len(payload)]) + mask + masked)

    def _frame(self) -> tuple[int, bytes] | None:
        if len(self.buffer) < 2:
            return None
        opcode, length, head = self.buffer[0] & 0x0F, self.buffer[1] & 0x7F, 2
        if length >= 126:
            head = 4 if length == 126 else 10
            if len(self.buffer) < head:
                return None
            (length,) = struct.unpack(">H" if head == 4 else ">Q", self.buffer[2:head])
        if len(self.buffer) < head + length:
            return None
        payload = bytes(self.buffer[head : head + length])
        del self.buffer[: head + length]
        return opcode, payload


class Watchers:
    """`count` viewers; `on_frame(viewer, seconds since the epoch, payload)` is called for every text frame."""

    def __init__(self, url: str, key: str, count: int, on_frame: Callable[[int, float, bytes], None]) -> None:
        self._on_frame = on_frame
        self._selector = selectors.DefaultSelector()
        self._ending = threading.Event()
        self._viewers = [Viewer.connect(url, key) for _ in range(count)]
        for number, viewer in enumerate(self._viewers):
            self._selector.register(viewer.sock, selectors.EVENT_READ, number)
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        for viewer in self._viewers:
            viewer.sock.close()
        self._selector.close()

    def _watch(self) -> None:
        while not self._ending.is_set():
            for key, _ in self._selector.select(0.2):
                self._read(key.data)

    def _read(self, number: int) -> None:
        viewer = self._viewers[number]
        part = viewer.sock.recv(262_144)
        at = time.time()
        if not part:
            raise RuntimeError(f"viewer {number} was cut off")
        viewer.buffer += part
        for opcode, payload in viewer.frames():
            if opcode == TEXT:
                self._on_frame(number, at, payload)
            elif opcode == PING:
                viewer.pong(payload)
