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
from deploy.embedded.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.settings import Settings

# -P: a folder that somebody happens to stand in gives us no modules.
COMMAND = (sys.executable, "-P", "-m", "app")
EVERY_ADDRESS = {"0.0.0.0": LOOPBACK, "::": "::1"}  # noqa: S104 — where to ask a server that listens everywhere
SATELLITE_NAME = "SAT-LOCAL"  # the same after a restart, so that the fleet does not fill with its former selves


def reachable_host(settings: Settings) -> str:
    return EVERY_ADDRESS.get(settings.host, settings.host)


def local_url(settings: Settings) -> str:
    host = reachable_host(settings)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


def public_url(settings: Settings) -> str:
    return (settings.public_url or local_url(settings)).rstrip("/")


@dataclass(frozen=True)
class Environments:
    """`server` is given every address and secret; `client` none: a satellite has its own key and the public address."""

    server: Mapping[str, str]
    client: Mapping[str, str]

    @classmethod
    def of(cls, settings: Settings) -> Environments:
        """From complete settings: every address and the secret are known."""
        server = {**os.environ, **_explicit(settings), "PYTHONUNBUFFERED": "1"}
        for name in ("MIGRATION_DATABASE_URL", "MIGRATION_DATABASE_URL_FILE"):
            server.pop(name, None)  # what serves requests never signs in as the owner
        server.setdefault("MALLOC_ARENA_MAX", "2")  # glibc's own number makes every process with threads keep more
        secret = {name.upper() for name in SECRETS} | {f"{name.upper()}_FILE" for name in SECRETS}
        client = {name: value for name, value in server.items() if name not in secret}
        return cls(server, {**client, "MISSION_CONTROL_URL": local_url(settings)})


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
    ask = partial(answers, reachable_host(settings))
    found = [Program("web", (*COMMAND, "web"), environments.server, ready=partial(ask, settings.port, "/healthz", 200))]
    if settings.sockets_port:
        ready = partial(ask, settings.sockets_port, "/", None)
        found.append(Program("sockets", (*COMMAND, "sockets"), environments.server, ready=ready))
    return found


@dataclass(frozen=True)
class Crew:
    """The clients of this installation: the satellite's name in the fleet, and a key for each; no key, no simulator."""

    satellite: str
    satellite_key: str
    simulator_key: str | None


def workers(environments: Environments, crew: Crew) -> list[Program]:
    found = [Program(name, (*COMMAND, name), environments.server) for name in ("worker", "beat")]
    satellite = (*COMMAND, "satellite", "--name", crew.satellite)
    found.append(Program("satellite", satellite, _with_key(environments, crew.satellite_key)))
    if crew.simulator_key:
        found.append(Program("simulator", (*COMMAND, "simulate"), _with_key(environments, crew.simulator_key)))
    return found


def _with_key(environments: Environments, key: str) -> dict[str, str]:
    return {**environments.client, "MISSION_CONTROL_KEY": key}


def answers(host: str, port: int, path: str, status: int | None) -> bool:
    """Whether HTTP is answered there, with this status where one is given."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", path)
        return status is None or connection.getresponse().status == status
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
