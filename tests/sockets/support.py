"""Clients and keys for the sockets service, and the hand that publishes."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from urllib.request import urlopen

import orjson
from simple_websocket import Client, ConnectionClosed

from data.access import keys, rules, writes
from data.live import channel
from data.live.channel import Frame
from data.permissions import SYSTEM, Role, Scope
from deploy.embedded.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redis import Redis
    from sqlalchemy import Engine

SECRET = "a secret of the sockets tests, long enough"
PATH = "/ws/mission-control"
WEB_PORT = 8050
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def database_url(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def redis_url(redis: Redis) -> str:
    at = redis.connection_pool.connection_kwargs
    return f"redis://:{at['password']}@{at['host']}:{at['port']}/{at['db']}"


@dataclass
class Service:
    port: int
    seats: int
    process: subprocess.Popen[bytes]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{WEB_PORT}"

    def health(self) -> dict[str, Any]:
        with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=3) as answer:
            found: dict[str, Any] = orjson.loads(answer.read())
            return found

    def knock(self, headers: dict[str, str], path: str = PATH) -> tuple[int, dict[str, Any], http.client.HTTPMessage]:
        """The answer to a handshake: its status, its body where it was refused, its headers."""
        door = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            door.request("GET", path, headers=UPGRADE | headers)
            answer = door.getresponse()
            body = orjson.loads(answer.read()) if answer.status != 101 else {}
            return answer.status, body, answer.headers
        finally:
            door.close()

    def connect(self, token: str, query: str = "") -> Viewer:
        headers = {"Authorization": f"Bearer {token}"}
        return Viewer(Client.connect(f"ws://127.0.0.1:{self.port}{PATH}{query}", headers=headers))

    def enter(self, session: str) -> Viewer:
        """As a browser comes in: with a cookie, from one of our pages."""
        headers = {"Cookie": f"mc_session={session}", "Origin": self.origin}
        return Viewer(Client.connect(f"ws://127.0.0.1:{self.port}{PATH}", headers=headers))


class Viewer:
    """One client. `frame` is the next envelope, `ended` the code with which the server closes."""

    def __init__(self, socket: Client) -> None:
        self.socket = socket

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def frame(self, seconds: float = 3) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            raw = self.socket.receive(timeout=0.5)
            if raw is None:
                self._nudge()
            elif (found := orjson.loads(raw))["payload"].get("re") != "nudge":
                return dict(found)
        raise AssertionError(f"nothing came within {seconds} s")

    def _nudge(self) -> None:
        """simple-websocket's client leaves a frame that came together with the handshake's answer lying, until more
        comes in. A browser does not."""
        with suppress(ConnectionClosed):
            self.say("ping", name="nudge")

    def say(self, kind: str, payload: dict[str, Any] | None = None, name: str = "m1") -> None:
        self.socket.send(orjson.dumps({"v": 1, "id": name, "type": kind, "payload": payload or {}}).decode())

    def ask(self, kind: str, payload: dict[str, Any] | None = None, name: str = "m1") -> dict[str, Any]:
        """The answer to a message, past the frames of the stream."""
        self.say(kind, payload, name)
        return self.answer()

    def answer(self) -> dict[str, Any]:
        while (frame := self.frame())["type"] in ("snapshot", "delta"):
            pass
        return frame

    def ended(self, seconds: float = 10) -> tuple[int, str]:
        deadline = time.monotonic() + seconds
        try:
            while time.monotonic() < deadline:
                self.socket.receive(timeout=0.2)
        except ConnectionClosed as closed:
            return int(closed.reason), str(closed.message or "")
        raise AssertionError(f"still open after {seconds} s")

    def close(self) -> None:
        try:
            self.socket.close()
        except (ConnectionClosed, OSError):
            self.socket.sock.close()
        self.socket.thread.join(3)


@dataclass
class Studio:
    redis: Redis
    seq: int = field(default_factory=lambda: int(time.time() * 1000))

    def snapshot(self, payload: dict[str, Any]) -> Frame:
        return self._publish(Frame(self.seq + 1, "snapshot", payload, int(time.time() * 1000)))

    def delta(self, payload: dict[str, Any]) -> Frame:
        return self._publish(Frame(self.seq + 1, "delta", payload, int(time.time() * 1000)))

    def _publish(self, frame: Frame) -> Frame:
        channel.publish(self.redis, frame)
        self.seq = frame.seq
        return frame


@dataclass(frozen=True)
class Doors:
    """Makes people and programs that may come in."""

    engine: Engine
    pepper: bytes = SECRET.encode()

    def key(self, *scopes: Scope) -> tuple[str, str]:
        """(key_id, token) of a key that may watch, unless other scopes are given."""
        with self.engine.begin() as connection:
            return keys.create_key(connection, SYSTEM, self.pepper, "test", scopes or (Scope.READ,))

    def token(self, *scopes: Scope) -> str:
        return self.key(*scopes)[1]

    def person(self, role: Role) -> tuple[str, str]:
        """(user_id, session token)."""
        with self.engine.begin() as connection:
            address = f"{time.monotonic_ns()}@example.org"
            user_id = writes.create_user(connection, SYSTEM, address, role, None)
            return user_id, writes.start_session(connection, user_id, self.pepper, address="", agent="")

    def session_id(self, token: str) -> str:
        return rules.digest(self.pepper, token).hex()


@contextmanager
def running_service(
    engine: Engine, redis: Redis, *, seats: int, killed: bool = False, knocks: int = 6000
) -> Iterator[Service]:
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": database_url(engine),
        "REDIS_URL": redis_url(redis),
        "SECRET_KEY": SECRET,
        "PORT": str(WEB_PORT),
        "SOCKETS_PORT": str(port),
        "PUBLIC_URL": "https://mission.example.org",
        "MAX_WEBSOCKET_CONNECTIONS": str(seats),
        "RATE_LIMIT_SOCKETS": str(knocks),
    }
    process = subprocess.Popen([sys.executable, "-m", "app", "sockets"], env=environment)
    service = Service(port, seats, process)
    try:
        wait_for_health(service)
        yield service
    finally:
        process.terminate()
        assert process.wait(10) == 0 or killed


def wait_for_health(service: Service, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            service.health()
        except OSError:
            assert time.monotonic() < deadline, "the sockets service did not start"
            time.sleep(0.05)
        else:
            return
