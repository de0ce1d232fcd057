"""How gunicorn serves the pages and, as a service of its own, the sockets. Arguments for `python -m gunicorn`."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING

from data.errors import SettingsError

if TYPE_CHECKING:
    from data.settings import Settings

WEB_THREADS = 16
SOCKET_RESERVE = 20  # threads beyond the sockets' cap, for handshakes, probes and refusals
FILES_A_SOCKET, FILES = 2, 300  # the connection and what waits for it; everything else
KEPT_ALIVE = 200  # connections that wait for their next request and hold no thread


def web(settings: Settings) -> list[str]:
    return _arguments("app:create_server()", settings.host, settings.port, WEB_THREADS)


def sockets(settings: Settings) -> list[str]:
    """Every open socket keeps a thread; the worker closes them all itself when it is told to end."""
    allow_files(settings.max_websocket_connections)
    threads = settings.max_websocket_connections + SOCKET_RESERVE
    port = settings.sockets_port or settings.port + 1
    return [
        *_arguments("app:create_sockets()", settings.host, port, threads),
        "--worker-class=callbacks.sockets.worker.Worker",
        "--graceful-timeout=4",
        "--keep-alive=2",
    ]


def allow_files(sockets: int) -> None:
    """Lets this process, and what it becomes, open as many files as so many sockets need.

    Raises SettingsError where the system allows fewer.
    """
    needed = sockets * FILES_A_SOCKET + FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        if hard != resource.RLIM_INFINITY and hard < needed:
            raise SettingsError(
                f"MAX_WEBSOCKET_CONNECTIONS: {sockets} sockets need {needed} open files and this system allows {hard}: "
                "raise it (ulimit -n), or set fewer"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def _arguments(target: str, host: str, port: int, threads: int) -> list[str]:
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return [
        "--config=python:deploy.gunicorn_conf",
        f"--bind={address}",
        f"--threads={threads}",
        f"--worker-connections={threads + KEPT_ALIVE}",
        target,
    ]
