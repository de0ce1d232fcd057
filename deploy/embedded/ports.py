"""Loopback ports for the embedded services."""

from __future__ import annotations

import secrets
import socket

from data.errors import SettingsError

# Below the range from which systems take the ports of outgoing connections: while a service restarts, its clients
# keep connecting, and one of them could otherwise be given the very port that the service is about to take back.
FIRST, LAST = 15_000, 32_000
LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    try:
        bind(port, host)
    except OSError:
        return False
    return True


def bind(port: int, host: str) -> None:
    """Takes the port and gives it back. Raises OSError where a server could not take it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen(1)


def free_port(*preferred: int, host: str = LOOPBACK) -> int:
    """The first preferred port that is free, else any; 0 prefers none."""
    for port in preferred:
        if port and is_free(port, host):
            return port
    for _ in range(500):
        port = FIRST + secrets.randbelow(LAST - FIRST)
        if is_free(port, host):
            return port
    raise SettingsError(f"No free port between {FIRST} and {LAST} on {host}: stop something and run again")
