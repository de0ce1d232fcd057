from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from bench.watchers import PING, PONG, TEXT, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """As a server sends it: whole and unmasked."""
    head = bytes([0x80 | opcode])
    if len(payload) < 126:
        return head + bytes([len(payload)]) + payload
    if len(payload) < 65_536:
        return head + b"\x7e" + len(payload).to_bytes(2, "big") + payload
    return head + b"\x7f" + len(payload).to_bytes(8, "big") + payload


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, Viewer]]:
    server, client = socket.socketpair()
    with server, client:
        yield server, Viewer(client)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_a_frame_of_any_size_comes_whole(pair: tuple[socket.socket, Viewer], size: int) -> None:
    viewer = pair[1]
    viewer.buffer += frame(b"x" * size)

    assert viewer.frames() == [(TEXT, b"x" * size)]


def test_frames_that_come_in_pieces_wait_for_their_rest(pair: tuple[socket.socket, Viewer]) -> None:
    viewer, raw = pair[1], frame(b"first" * 40) + frame(b"second")
    found = []
    for byte in raw:
        viewer.buffer.append(byte)
        found += viewer.frames()

    assert found == [(TEXT, b"first" * 40), (TEXT, b"second")]


def test_a_ping_is_answered_with_its_own_words(pair: tuple[socket.socket, Viewer]) -> None:
    server, viewer = pair
    viewer.buffer += frame(b"still there?", PING)
    (opcode, payload) = viewer.frames()[0]
    viewer.pong(payload)

    answer = server.recv(100)

    mask, masked = answer[2:6], answer[6:]
    assert opcode == PING
    assert answer[0] & 0x0F == PONG
    assert bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked)) == b"still there?"
