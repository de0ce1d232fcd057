"""A real Mission Control to crawl for, a real satellite process, and sites on loopback to crawl."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from clients.sdk import MissionControl
from data.missions import rules
from deploy.embedded.ports import free_port
from tests.crawls import Crew, crew
from tests.sites import website

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from flask import Flask

    from data.services import Services
    from tests.sites import Site

COMMAND = Path(sys.executable).with_name("mission-control")
UNAVAILABLE = "503 Service Unavailable"


class _Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


class Front:
    """The web server before the application: it can be away, or refuse what a test names, and counts what came."""

    def __init__(self, application: Flask) -> None:
        self._application = application
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.refusing = ""  # paths that hold this text are answered 503
        self.hanging = ""  # paths that hold this text are not answered, until `release`
        self.largest = 1 << 30  # bytes of a body; more is answered 413
        self.too_large = 0
        self._released = threading.Event()
        self.asked: Counter[str] = Counter()
        self.start()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        self.asked[environ["PATH_INFO"]] += 1
        if self.hanging and self.hanging in environ["PATH_INFO"]:
            self._released.wait(60)
        if self.refusing and self.refusing in environ["PATH_INFO"]:
            start(UNAVAILABLE, [("Content-Length", "0"), ("Retry-After", "0")])
            return [b""]
        if int(environ.get("CONTENT_LENGTH") or 0) > self.largest:
            self.too_large += 1
            start("413 Content Too Large", [("Content-Length", "0")])
            return [b""]
        return self._application.wsgi_app(environ, start)

    def release(self) -> None:
        self.hanging = ""
        self._released.set()

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self._port, self, threaded=True, request_handler=_Silent)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass
class Base:
    """What a crawl needs: the server, its crew, and satellites."""

    front: Front
    crew: Crew
    key: str
    log: Path
    satellites: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def satellite(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        given = {"MISSION_CONTROL_URL": self.front.url, "MISSION_CONTROL_KEY": self.key} | environment
        with self.log.open("ab") as log:
            started = subprocess.Popen([COMMAND, "satellite", *options], env=os.environ | given, stdout=log, stderr=log)
        self.satellites.append(started)
        return started

    def crawl(self, site: Site, path: str = "/", **config: Any) -> str:
        """Submits a mission without any delay between requests, unless asked for."""
        return self.crew.submit(target_url=f"{site.url}{path}", config={"delay_seconds": 0} | config)

    def status(self, job_id: str) -> str:
        status: str = self.crew.mission(job_id)["status"]
        return status

    def rows(self, columns: str = "url_from, url_to", table: str = "backlinks") -> list[tuple[Any, ...]]:
        with self.crew.mc.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(f"select {columns} from {table}")]


@pytest.fixture
def front(server: Flask) -> Iterator[Front]:
    front = Front(server)
    yield front
    front.release()
    front.stop()


@pytest.fixture
def base(mc: Services, server: Flask, front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Base]:
    monkeypatch.setattr(rules, "HEARTBEAT_S", 1)  # what the server tells the satellites
    made = crew(mc, server)
    key = made.crawler.headers["Authorization"].removeprefix("Bearer ")
    base = Base(front, made, key, tmp_path / "satellite.log")
    yield base
    for satellite in base.satellites:
        satellite.send_signal(signal.SIGKILL)
        satellite.wait(10)
    if base.log.exists():
        sys.stderr.write(base.log.read_text())  # shown where a test fails


@pytest.fixture
def finished(base: Base, eventually: Callable[..., None]) -> Callable[..., dict[str, Any]]:
    """Waits until a mission has ended; returns it."""

    def wait(job_id: str, seconds: float = 90) -> dict[str, Any]:
        eventually(lambda: base.status(job_id) in rules.ENDED, seconds=seconds, every=0.2)
        return base.crew.mission(job_id)

    return wait


@pytest.fixture
def api(base: Base) -> Iterator[MissionControl]:
    with MissionControl(base.front.url, base.key) as api:
        yield api


@pytest.fixture
def site() -> Iterator[Site]:
    with website() as site:
        yield site


@pytest.fixture
def elsewhere() -> Iterator[Site]:
    with website() as site:
        yield site
