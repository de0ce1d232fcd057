from __future__ import annotations

import socket

import pytest

from deploy.embedded import ports


def test_a_preferred_port_is_kept_while_it_is_free() -> None:
    free = ports.free_port()
    assert ports.free_port(free) == free


def test_a_preferred_port_that_is_taken_gives_way_to_the_next_one() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as taken:
        other = ports.free_port()
        assert ports.free_port(taken.getsockname()[1], other) == other


def test_no_port_is_one_that_an_outgoing_connection_could_be_given() -> None:
    assert all(ports.FIRST <= ports.free_port() < ports.LAST for _ in range(20))


def test_taking_a_port_that_is_taken_says_so() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as taken, pytest.raises(OSError, match="in use"):
        ports.bind(taken.getsockname()[1], ports.LOOPBACK)
