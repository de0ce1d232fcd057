"""Bytes that no client library would send."""

from __future__ import annotations

import os
import socket
import struct
import time
from typing import TYPE_CHECKING

import psutil
import pytest

from deploy.gunicorn import SOCKET_RESERVE
from tests.sockets.raw import (
    BINARY,
    CLOSE,
    CONTINUE,
    PING,
    TEXT,
    close_code,
    header,
    raw_socket,
    send_until_cut,
)
from tests.sockets.support import PATH

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sockets.support import Doors, Service


@pytest.fixture(scope="module")
def token(doors: Doors) -> str:
    return doors.token()


def worker(service: Service) -> psutil.Process:
    return psutil.Process(service.process.pid).children()[0]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (header(TEXT, 3, mask=False) + b"abc", 1002),
        (header(TEXT, 2) + b"\xff\xfe", 1007),
        (header(TEXT, 3, fin=False) + b"abc" + header(TEXT, 1) + b"x", 1002),
        (header(CONTINUE, 1) + b"x", 1002),
        (header(3, 0), 1002),
        (header(PING, 126) + b"x" * 126, 1002),
        (b"\xf1" + header(TEXT, 1)[1:] + b"x", 1002),
        (header(CLOSE, 1) + b"x", 1002),
        (header(TEXT, 70_000) + b"x" * 70_000, 1009),
        (header(TEXT, 60_000) + "€".encode() * 20_000, None),
        (header(TEXT, 80_000) + "😀".encode() * 20_000, 1009),
    ],
    ids=lambda value: repr(value[:8]) if isinstance(value, bytes) else str(value),
)
def test_it_closes_with_the_right_code(service: Service, token: str, data: bytes, code: int | None) -> None:
    with raw_socket(service, token) as raw:
        send_until_cut(raw, data + (header(CLOSE, 0) if code is None else b""))
        assert close_code(raw) == code


def huge_message(raw: socket.socket) -> None:
    send_until_cut(raw, header(TEXT, 100_000_000))
    for _ in range(100):
        send_until_cut(raw, b"x" * 1_000_000)


def million_fragments(raw: socket.socket) -> None:
    send_until_cut(raw, header(TEXT, 1, fin=False) + b"x")
    for _ in range(100):
        send_until_cut(raw, (header(CONTINUE, 1, fin=False) + b"x") * 10_000)


@pytest.mark.parametrize("attack", [huge_message, million_fragments])
def test_it_does_not_grow_under_what_is_too_much(
    service: Service, token: str, attack: Callable[[socket.socket], None]
) -> None:
    sizes = []
    for _ in range(3):
        with raw_socket(service, token) as raw:
            attack(raw)
            assert close_code(raw) in (1008, 1009, None)
        sizes.append(worker(service).memory_info().rss)
    assert sizes[-1] - sizes[0] < 5_000_000


@pytest.mark.parametrize("frame", [header(CONTINUE, 0, fin=False), header(PING, 0), header(BINARY, 0)])
def test_it_ends_a_flood_of_empty_frames(service: Service, token: str, frame: bytes) -> None:
    with raw_socket(service, token) as raw:
        send_until_cut(raw, header(TEXT, 1, fin=False) + b"x" if frame[0] & 15 == CONTINUE else b"")
        for _ in range(50):
            send_until_cut(raw, frame * 10_000)
        assert close_code(raw) in (1008, None)


def test_it_gives_the_seat_of_somebody_who_vanished_to_the_next(
    service: Service, token: str, eventually: Callable[..., None]
) -> None:
    with raw_socket(service, token) as raw:
        eventually(lambda: service.health()["sockets"] == 1)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    eventually(lambda: service.health()["sockets"] == 0)


def test_it_puts_out_whoever_never_finishes_the_handshake(service: Service) -> None:
    """As many of them as there are threads: after a while the door is open again."""
    threads = service.seats + SOCKET_RESERVE
    crowd = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(threads)]
    try:
        for one in crowd:
            one.sendall(f"GET {PATH} HTTP/1.1\r\nHost: x\r\nX-Slow: ".encode())
        deadline = time.monotonic() + 20
        while True:
            try:
                service.health()
                break
            except OSError:
                assert time.monotonic() < deadline, "the door stays shut"
        for one in crowd:
            one.settimeout(20)
            assert one.recv(100) == b""
    finally:
        for one in crowd:
            one.close()


def test_it_survives_random_bytes(service: Service, token: str) -> None:
    for size in (1, 2, 7, 64, 500, 5_000):
        with raw_socket(service, token) as raw:
            send_until_cut(raw, os.urandom(size) + header(CLOSE, 0))
            raw.shutdown(socket.SHUT_WR)
            close_code(raw)
    assert service.health()["status"] == "ok"
