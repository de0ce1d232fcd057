"""What `make run` starts beside the databases, as data."""

from __future__ import annotations

import http.client
import os
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from data.settings import SECRETS
from deploy.embedded.child import Program
from deploy.embedded.instance_dir import InstanceDir
from deploy.embedded.ports import LOOPBACK
from deploy.embedded.pulse import PULSE, Pulse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from data.settings import Settings

# -P: a folder that somebody happens to stand in gives us no modules.
COMMAND = (sys.executable, "-P", "-m", "app")
EVERY_ADDRESS = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 — where to ask a server that listens everywhere
HEALTH_S = 5.0  # a server that has much to do may take its time to say that it is well


def reachable_host(settings: Settings) -> str:
    return EVERY_ADDRESS.get(settings.host, settings.host)


def local_url(settings: Settings) -> str:
    host = reachable_host(settings)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def public_url(settings: Settings) -> str:
    return (settings.public_url or local_url(settings)).rstrip("/")


@dataclass(frozen=True)
class Environments:
    """`server` is given every address and secret; `client` none: a satellite has its own key and the public address.
    In `pulses` lie the files that processes touch."""

    server: Mapping[str, str]
    client: Mapping[str, str]
    pulses: Path

    @classmethod
    def of(cls, settings: Settings) -> Environments:
        """From complete settings: every address and the secret are known."""
        server = {**os.environ, **_explicit(settings), "PYTHONUNBUFFERED": "1"}
        for name in ("MIGRATION_DATABASE_URL", "MIGRATION_DATABASE_URL_FILE"):
            server.pop(name, None)  # what serves requests never signs in as the owner
        server.setdefault("MALLOC_ARENA_MAX", "2")  # glibc's own number makes every process with threads keep more
        secret = {name.upper() for name in SECRETS} | {f"{name.upper()}_FILE" for name in SECRETS}
        client = {name: value for name, value in server.items() if name not in secret}
        return cls(server, {**client, "MISSION_CONTROL_URL": local_url(settings)}, InstanceDir(settings.home).pulses)


def _explicit(settings: Settings) -> dict[str, str]:
    known = {name: getattr(settings, name) for name in ("database_url", "redis_url", "secret_key")}
    return {name.upper(): value.get_secret_value() for name, value in known.items() if value} | {
        "HOST": settings.host,
        "PORT": str(settings.port),
        "SOCKETS_PORT": str(settings.sockets_port or ""),
        "STANDINS_URL": settings.standins_url or "",
        "MISSION_CONTROL_HOME": str(settings.home),
    }


def migration(settings: Settings, environments: Environments) -> Program:
    """The one process that signs in as the owner of the database."""
    owner = settings.migration_database_url
    signs_in = {"MIGRATION_DATABASE_URL": owner.get_secret_value()} if owner else {}
    return Program("migrate", (*COMMAND, "migrate"), {**environments.server, **signs_in})


def servers(settings: Settings, environments: Environments) -> list[Program]:
    ports = {"web": settings.port, "sockets": settings.sockets_port}
    return [_server(name, reachable_host(settings), port, environments) for name, port in ports.items() if port]


def _server(name: str, host: str, port: int, environments: Environments) -> Program:
    ask = partial(answers, host, port, "/healthz", 200)
    return Program(name, (*COMMAND, name), environments.server, ready=ask, alive=partial(ask, seconds=HEALTH_S))


def is_ready(settings: Settings) -> bool:
    """Whether all of it is, as GET /readyz says."""
    return answers(reachable_host(settings), settings.port, "/readyz", 200, seconds=HEALTH_S)


@dataclass(frozen=True)
class ClientKeys:
    """The clients of this installation: the satellite's name in the fleet, and a key for each; no key, no simulator."""

    satellite: str
    satellite_key: str
    simulator_key: str | None


def workers(environments: Environments, crew: ClientKeys) -> list[Program]:
    satellite, simulator = _with_key(environments, crew.satellite_key), _with_key(environments, crew.simulator_key)
    found = [
        _pulsing("worker", ("worker",), environments.server, environments.pulses),
        _pulsing("beat", ("beat",), environments.server, environments.pulses),
        _pulsing("satellite", ("satellite", "--name", crew.satellite), satellite, environments.pulses),
    ]
    if crew.simulator_key:
        found.append(_pulsing("simulator", ("simulate",), simulator, environments.pulses))
    return found


def _pulsing(name: str, words: tuple[str, ...], env: Mapping[str, str], pulses: Path) -> Program:
    """A program that nobody can ask anything: it touches a file of its own."""
    path = pulses / name
    return Program(name, (*COMMAND, *words), {**env, PULSE: str(path)}, alive=Pulse(path))


def _with_key(environments: Environments, key: str | None) -> dict[str, str]:
    return {**environments.client, "MISSION_CONTROL_KEY": key or ""}


def answers(host: str, port: int, path: str, status: int | None, seconds: float = 2) -> bool:
    """Whether HTTP is answered there, with this status; None is any."""
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    try:
        connection.request("GET", path)
        return status in (None, connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
