"""WebSocket frames by hand, for what no client library would send or leave unread."""

from __future__ import annotations

import socket
import struct
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import orjson

from tests.sockets.support import PATH, UPGRADE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sockets.support import Service

CONTINUE, TEXT, BINARY, CLOSE, PING = 0, 1, 2, 8, 9


def header(opcode: int, size: int, *, fin: bool = True, mask: bool = True) -> bytes:
    first, masked = (0x80 if fin else 0) | opcode, 0x80 if mask else 0
    if size < 126:
        head = struct.pack("!BB", first, masked | size)
    elif size < 65536:
        head = struct.pack("!BBH", first, masked | 126, size)
    else:
        head = struct.pack("!BBQ", first, masked | 127, size)
    return head + (b"\0\0\0\0" if mask else b"")  # a mask of zeros leaves the payload as it is


@contextmanager
def raw_socket(service: Service, token: str, *, receive_buffer: int | None = None) -> Iterator[socket.socket]:
    """A connection that has just been upgraded; nothing reads it but the test."""
    with socket.socket() as raw:
        if receive_buffer:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        raw.settimeout(10)
        raw.connect(("127.0.0.1", service.port))
        lines = [f"GET {PATH} HTTP/1.1", f"Host: 127.0.0.1:{service.port}", f"Authorization: Bearer {token}"]
        lines += [f"{name}: {value}" for name, value in UPGRADE.items()]
        raw.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += raw.recv(1)
        assert answer.startswith(b"HTTP/1.1 101"), answer
        yield raw


def read_exactly(raw: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        chunk = raw.recv(size - len(data))
        if not chunk:
            raise EOFError
        data += chunk
    return bytes(data)


def read_frame(raw: socket.socket) -> tuple[int, bytes]:
    """(opcode, payload) of what the server sent next. Raises EOFError, or OSError."""
    first, size = read_exactly(raw, 2)
    if size == 126:
        (size,) = struct.unpack("!H", read_exactly(raw, 2))
    elif size == 127:
        (size,) = struct.unpack("!Q", read_exactly(raw, 8))
    return first & 15, read_exactly(raw, size)


def read_until(raw: socket.socket, seq: int) -> list[dict[str, Any]]:
    """Every envelope up to the one with this seq."""
    found: list[dict[str, Any]] = []
    while not found or found[-1]["seq"] < seq:
        opcode, payload = read_frame(raw)
        if opcode == TEXT:
            found.append(orjson.loads(payload))
    return found


def close_code(raw: socket.socket) -> int | None:
    """The code of the close frame that ends what the server says; None where it ends without one."""
    with suppress(EOFError, ConnectionResetError):
        while True:
            opcode, payload = read_frame(raw)
            if opcode == CLOSE and payload:
                return int(struct.unpack_from("!H", payload)[0])
    return None


def send_until_cut(raw: socket.socket, data: bytes) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):
        raw.sendall(data)
