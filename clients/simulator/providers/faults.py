"""What may go wrong at a provider, to be told to its stand-in."""

from __future__ import annotations

import socket
import struct
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from http.server import BaseHTTPRequestHandler


class Fault(ABC):
    """`bills`: whether the call is counted all the same."""

    bills = False

    @abstractmethod
    def play(self, handler: BaseHTTPRequestHandler) -> None: ...


@dataclass
class Answers(Fault):
    """A certain answer."""

    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(self.status)
        for name, value in {"Content-Type": self.content_type, **self.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(self.body)))
        handler.end_headers()
        handler.wfile.write(self.body)


@dataclass
class Garbage(Answers):
    """A success whose body is no JSON."""

    status: int = 200
    body: bytes = b"<html>upstream timed out</ht"
    bills = True


@dataclass
class Hangs(Fault):
    """Takes the request and says nothing; `bills`: the work was done, its answer is late."""

    seconds: float = 60.0
    bills: bool = False

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        handler.connection.settimeout(0.1)
        until = time.monotonic() + self.seconds
        while time.monotonic() < until:
            try:
                if handler.connection.recv(1) == b"":
                    break  # whoever asked has gone
            except TimeoutError:
                continue
            except OSError:
                break
        handler.close_connection = True


@dataclass
class Drips(Fault):
    """A byte now and then: in the headers, or in the body."""

    every: float = 0.1
    headers: bool = False
    seconds: float = 60.0

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        start = b"HTTP/1.1 200 OK\r\nX-Slow: " if self.headers else b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        until = time.monotonic() + self.seconds
        try:
            handler.wfile.write(start)
            while time.monotonic() < until:
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(self.every)
        except OSError:
            pass  # whoever asked has gone
        handler.close_connection = True


@dataclass
class Resets(Fault):
    """Breaks the connection off, half an answer under way."""

    def play(self, handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
        handler.wfile.flush()
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        handler.close_connection = True
