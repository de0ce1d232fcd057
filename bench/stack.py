"""The product as a stranger starts it, in a home of its own that is removed afterwards; or one that runs already."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import httpx
import psutil

from deploy.embedded.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.chromium import Asked

COMMAND = Path(sys.executable).with_name("mission-control")
READY = "Mission Control ready: "
START_S, STOP_S, HISTORY_S = 240, 30, 900
GENEROUS = "100000000"  # a minute: a load generator is one caller who asks more than any person or program


@dataclass
class Stack:
    """`pid` is the supervisor's, None for an instance that was not started here. `cookies` sign in, `recorded` are
    callbacks that its pages asked: both are filled when first needed."""

    url: str
    environment: dict[str, str]
    pid: int | None = None
    link: str | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    recorded: list[Asked] = field(default_factory=list)

    def command(self, *words: str, given: str | None = None) -> str:
        """What a `mission-control` command prints."""
        done = subprocess.run(
            [COMMAND, *words], env=self.environment, input=given, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"mission-control {' '.join(words)} failed: {done.stderr.strip()}")
        return done.stdout

    def key(self, *scopes: str, simulated: bool = False) -> str:
        given = os.environ.get("MISSION_CONTROL_KEY") if self.pid is None else None
        marked = ["--simulated"] if simulated else []
        return given or self.command("key", "create", "bench", "--scopes", ",".join(scopes), *marked).split()[-1]

    @property
    def database_url(self) -> str:
        return self._address("DATABASE_URL")

    @property
    def redis_url(self) -> str:
        return self._address("REDIS_URL")

    def client(self, key: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {key}"}, timeout=60)

    def sockets_url(self, key: str) -> str:
        """ws://host:port of the live channel."""
        with self.client(key) as http:
            found: str = http.get("/api/v1/").raise_for_status().json()["sockets_url"]
        return found

    def processes(self) -> list[psutil.Process]:
        """Everything this stack consists of. Raises RuntimeError for an instance that was not started here."""
        if self.pid is None:
            raise RuntimeError("the memory of an instance that was not started here cannot be told")
        supervisor = psutil.Process(self.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def _address(self, name: str) -> str:
        if os.environ.get(name):
            return os.environ[name]
        lines = dict(line.split("=", 1) for line in self.command("env").splitlines() if "=" in line)
        return lines[name]


def running() -> Stack | None:
    """The instance that MISSION_CONTROL_URL names: it must let its key do everything, and DATABASE_URL be set."""
    url = os.environ.get("MISSION_CONTROL_URL")
    return Stack(url.rstrip("/"), dict(os.environ), link=os.environ.get("MISSION_CONTROL_LINK")) if url else None


@contextmanager
def temporary_home() -> Iterator[Path]:
    """Short and open to pass: as root, PostgreSQL runs as another account."""
    folder = Path(tempfile.mkdtemp(prefix="mission-control-bench-"))
    folder.chmod(0o755)
    try:
        yield folder / "home"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(home: Path, *, simulate: bool) -> Iterator[Stack]:
    environment = _environment(home, simulate=simulate)
    process = subprocess.Popen(
        [COMMAND, "run"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        link = _wait(process)
        if simulate:
            _wait_for_history(home / "logs" / "simulator.log")
        yield Stack(link.split("/login", 1)[0], environment, process.pid, link)
    finally:
        _end(process)


def _environment(home: Path, *, simulate: bool) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    return kept | {
        "MISSION_CONTROL_HOME": str(home),
        "PORT": str(free_port()),
        "SIMULATE": str(int(simulate)),
        "RATE_LIMIT_API": GENEROUS,
        "RATE_LIMIT_INGEST": GENEROUS,
        "RATE_LIMIT_SOCKETS": GENEROUS,
        "MAX_WEBSOCKET_CONNECTIONS": "1020",
        "PYTHONUNBUFFERED": "1",
    }


def _wait(process: subprocess.Popen[str]) -> str:
    """The sign-in link of the line that says it is ready; what it prints later is read and dropped."""
    said: list[str] = []
    alarm = threading.Timer(START_S, process.terminate)
    alarm.start()
    output = cast("IO[str]", process.stdout)
    try:
        for line in output:
            said.append(line)
            if READY in line:
                threading.Thread(target=output.read, daemon=True).start()
                return line.split(READY, 1)[1].strip()
    finally:
        alarm.cancel()
    raise RuntimeError(f"Mission Control did not start within {START_S} s:\n{''.join(said[-15:])}")


def _wait_for_history(log: Path) -> None:
    """Live traffic alone is measured, not the past that is told beside it in the first minute."""
    deadline = time.monotonic() + HISTORY_S
    while not log.exists() or "history: " not in log.read_text(encoding="utf-8"):
        if time.monotonic() > deadline:
            raise RuntimeError(f"the simulator did not tell its history within {HISTORY_S} s; see {log}")
        time.sleep(0.5)


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
        process.wait()
