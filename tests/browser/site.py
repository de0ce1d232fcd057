"""The product as a browser meets it: pages and sockets as processes of their own, and the hand that publishes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import urlopen

from data.access import rules, writes
from data.db import create_engine, transaction
from data.live import channel
from data.live.channel import Frame
from data.live.diff import diff
from data.migrations.run import migrate
from data.permissions import SYSTEM, Role
from data.services import Services
from data.settings import Settings
from deploy import gunicorn
from deploy.embedded.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from redis import Redis

    from tests import support

SECRET = "a secret of the browser tests, long enough"
START_S = 60.0


@dataclass
class Process:
    """A gunicorn that can be ended and started again on its port."""

    arguments: list[str]
    environment: dict[str, str]
    port: int
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", *self.arguments]
        self.running = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert time.monotonic() < deadline, f"nothing answers on {self.port}"
            time.sleep(0.1)

    def end(self) -> None:
        if self.running:
            self.running.terminate()
            self.running.wait(timeout=15)
            self.running = None

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


@dataclass
class Publisher:
    """Publishes `state(now)` once a second, as the product does; quiet while `silent` is set."""

    redis: Redis
    state: Callable[[int], dict[str, Any]]
    silent: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _last: dict[str, Any] | None = None
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def follow(self) -> None:
        while not self._ended.wait(1 - time.time() % 1):
            if not self.silent.is_set():
                self.publish()

    def publish(self) -> None:
        with self._one_at_a_time:
            now = int(time.time() * 1000)
            state = self.state(now)
            seq = channel.last_seq(self.redis) + 1
            whole = self._last is None or seq % 10 == 0
            payload = state if whole else diff(self._last, state)
            channel.publish(self.redis, Frame(seq, "snapshot" if whole else "delta", payload, now))
            self._last = state

    def end(self) -> None:
        self._ended.set()


@dataclass
class Site:
    services: Services
    web: Process
    sockets: Process
    redis: Redis

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.web.port}"

    @contextmanager
    def beside(self, **given: Any) -> Iterator[Site]:
        """The same deployment with other settings, on a port of its own."""
        port = free_port()
        settings = self.services.settings.model_copy(update={"port": port, **given})
        environment = self.web.environment | {"PORT": str(port)}
        web = Process(
            gunicorn.web(settings), environment | {name.upper(): str(value) for name, value in given.items()}, port
        )
        try:
            web.start()
            yield replace(self, web=web, services=replace(self.services, settings=settings))
        finally:
            web.end()

    def without_sockets(self) -> AbstractContextManager[Site]:
        """The same deployment with WEBSOCKET_ENABLED=false."""
        return self.beside(websocket_enabled=False)

    def session(self, role: str) -> dict[str, str]:
        """The cookies of a person who is signed in."""
        with transaction(self.services.engine) as connection:
            user = writes.ensure_user(connection, SYSTEM, f"{role}@example.org", Role(role), f"password-{role}")
            token = writes.start_session(connection, user, self.services.pepper, address="127.0.0.1", agent="tests")
        return {"mc_session": token, "_csrf_token": rules.csrf_token(self.services.pepper, token)}


@contextmanager
def open_site(services: support.Services, redis_url: str, redis: Redis) -> Iterator[Site]:
    url = services.create_database()
    engine = create_engine(url)
    migrate(engine)
    engine.dispose()
    web_port, sockets_port = free_port(), free_port()
    given = {"database_url": url, "redis_url": redis_url, "secret_key": SECRET}
    settings = Settings.load(_env_file=None, port=web_port, sockets_port=sockets_port, **given)
    environment = os.environ | {name.upper(): value for name, value in given.items()}
    environment |= {"PORT": str(web_port), "SOCKETS_PORT": str(sockets_port)}
    web = Process(gunicorn.web(settings), environment, web_port)
    sockets = Process(gunicorn.sockets(settings), environment, sockets_port)
    opened = Services.open(settings)
    try:
        web.start()
        sockets.start()
        yield Site(opened, web, sockets, redis)
    finally:
        web.end()
        sockets.end()
        opened.engine.dispose()
        opened.cache.redis.close()
        services.drop_database(url)
