"""A thousand sockets at once, on a system whose programs may open a thousand files."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from bench.watchers import Viewer, Watchers
from callbacks.sockets.live import PATH
from data.errors import SettingsError
from data.live import channel
from data.live.channel import Frame
from deploy import gunicorn
from deploy.embedded.ports import free_port
from tests.sockets import support

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redis import Redis

    from data.services import Services

pytestmark = pytest.mark.stack

SEATS, VIEWERS = 1020, 1000
COMMAND = "ulimit -S -n 1024; exec {python} -m app sockets"


@pytest.fixture
def service(mc: Services) -> Iterator[support.Service]:
    """Nothing but the number of seats is set."""
    settings = mc.settings.model_copy(update={"max_websocket_connections": SEATS})
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": mc.engine.url.render_as_string(hide_password=False),
        "REDIS_URL": settings.redis_url.get_secret_value() if settings.redis_url else "",
        "SECRET_KEY": settings.secret_key.get_secret_value() if settings.secret_key else "",
        "SOCKETS_PORT": str(port),
        "MAX_WEBSOCKET_CONNECTIONS": str(SEATS),
    }
    command = ["/bin/sh", "-c", COMMAND.format(python=sys.executable)]
    process = subprocess.Popen(command, env=environment)
    service = support.Service(port, SEATS, process)
    try:
        support.wait_for_health(service)
        yield service
    finally:
        process.terminate()
        process.wait(15)


def test_a_thousand_sockets_are_taken_from_one_address_and_all_are_told(
    mc: Services, service: support.Service, eventually: Callable[..., None]
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(4096, hard)), hard))
    key = support.Doors(mc.engine, mc.pepper).token()
    redis: Redis = mc.cache.redis
    channel.publish(redis, Frame(1, "snapshot", {"queue_depth": 1}, 1))
    told, lock = set[int](), threading.Lock()

    def note(viewer: int, _at: float, payload: bytes) -> None:
        if b'"seq":2' in payload:
            with lock:
                told.add(viewer)

    url = f"ws://127.0.0.1:{service.port}{PATH}"
    with Watchers(url, key, VIEWERS, note):
        assert service.health()["sockets"] == VIEWERS
        channel.publish(redis, Frame(2, "delta", {"queue_depth": 2}, 2))
        eventually(lambda: len(told) == VIEWERS, seconds=10)
        more = [Viewer.connect(url, key) for _ in range(SEATS - VIEWERS)]
        with pytest.raises(RuntimeError, match="503"):
            Viewer.connect(url, key)
        for one in more:
            one.sock.close()


def test_more_sockets_than_the_system_has_files_for_are_refused_at_the_start() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    gunicorn.allow_files(10)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
    with pytest.raises(SettingsError, match=r"MAX_WEBSOCKET_CONNECTIONS: .* open files and this system allows"):
        gunicorn.allow_files(10**9)
