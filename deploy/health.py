"""Whether one service does its work: what a container's health check asks, once in half a minute."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.embedded.programs import answers, reachable_host

if TYPE_CHECKING:
    from data.settings import Settings

SERVICES = {
    "create_server": "web",
    "create_sockets": "sockets",
    **{name: name for name in ("web", "sockets", "worker", "beat", "satellite")},
}
SILENT_S = 30.0  # a heartbeat is told every few seconds


def started(command: Path = Path("/proc/1/cmdline")) -> str:
    """The service that the container's first process is, by the words that it was started with."""
    try:
        words = command.read_bytes().decode("utf-8", "replace").split("\0")
    except OSError:
        words = []
    named = [word.removeprefix("app:").removesuffix("()") for word in words]
    return next((SERVICES[word] for word in reversed(named) if word in SERVICES), "web")


def trouble(service: str, settings: Settings) -> str | None:
    """What is wrong with it, in words; None where it is well. A satellite that lives is: the fleet says the rest."""
    host = reachable_host(settings)
    if service == "web":
        well = answers(host, settings.port, "/healthz", 200)
        return None if well else f"nothing answers on {host}:{settings.port}"
    if service == "sockets":
        port = settings.sockets_port or settings.port + 1
        return None if answers(host, port, "/", None) else f"nothing answers on {host}:{port}"
    return _silence(service, settings) if service in ("worker", "beat") else None


def _silence(service: str, settings: Settings) -> str | None:
    from redis import Redis, RedisError

    if settings.redis_url is None:
        return "REDIS_URL is not set"
    try:
        redis = Redis.from_url(settings.redis_url.get_secret_value(), socket_timeout=2, socket_connect_timeout=2)
        stamp: Any = redis.get(f"mc:hb:{service}")
    except RedisError:
        return "Redis does not answer"
    if stamp is None or time.time() - float(stamp) > SILENT_S:
        return f"no heartbeat of the {service} for {SILENT_S:g} s"
    return None
