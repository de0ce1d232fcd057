"""A web process of its own, on a database of its own, for the simulator to play to."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from data.access.keys import create_key
from data.db import create_engine, transaction
from data.migrations.run import migrate
from data.permissions import SYSTEM, Scope
from deploy.embedded.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from tests.support import Services

COMMAND = Path(sys.executable).with_name("mission-control")
SECRET = "simulator tests " * 3


class Web:
    """The web process: killed and started again on the same port."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self.url = f"http://127.0.0.1:{environment['PORT']}"
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [COMMAND, "web"], env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 30
        while not self._alive():
            assert time.monotonic() < deadline, "the web process does not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(20)

    def _alive(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False


@dataclass
class Theatre:
    """Where the simulator plays: the server, its database, and a marked key."""

    web: Web
    engine: Engine
    environment: dict[str, str]

    def simulate(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, "simulate", *options],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def playing(self, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [COMMAND, "simulate", *options],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ask(self, sql: str) -> Any:
        with self.engine.connect() as connection:
            return connection.exec_driver_sql(sql).scalar()

    def rows(self, sql: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.exec_driver_sql(sql))


@pytest.fixture(scope="module")
def theatre(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    url = services.create_database()
    engine = create_engine(url)
    migrate(engine)
    scopes = [Scope(scope) for scope in ("ingest", "read", "satellite", "operate", "admin")]
    with transaction(engine) as connection:
        key = create_key(connection, SYSTEM, SECRET.encode(), "simulator", scopes, simulated=True)[1]
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": url,
        "REDIS_URL": services.redis_url.rpartition("/")[0] + "/9",
        "SECRET_KEY": SECRET,
        "PORT": str(port),
        "MISSION_CONTROL_HOME": str(tmp_path_factory.mktemp("home")),
        "MISSION_CONTROL_URL": f"http://127.0.0.1:{port}",
        "MISSION_CONTROL_KEY": key,
    }
    web = Web(environment)
    yield Theatre(web, engine, environment)
    web.stop()
    engine.dispose()
    services.drop_database(url)
