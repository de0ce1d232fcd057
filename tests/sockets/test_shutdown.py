"""The end of the service, and the end of what it leans on."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from redis import Redis

from deploy.embedded.instance_dir import InstanceDir
from deploy.embedded.ports import free_port
from deploy.embedded.valkey import Valkey
from tests.sockets.raw import raw_socket
from tests.sockets.support import Studio, running_service
from tests.support import running, temporary_folder

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.sockets.support import Doors


def test_it_ends_within_five_seconds_and_tells_a_hundred_idle_viewers_that_it_restarts(
    engine: Engine, redis: Redis, doors: Doors
) -> None:
    with running_service(engine, redis, seats=110) as service, ExitStack() as stack:
        token = doors.token()
        viewers = [stack.enter_context(service.connect(token)) for _ in range(100)]
        stubborn = [stack.enter_context(raw_socket(service, token, receive_buffer=4096)) for _ in range(5)]
        assert service.health()["sockets"] == 105
        start = time.monotonic()
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(10) == 0
        assert time.monotonic() - start < 5
        assert {viewer.ended()[0] for viewer in viewers} == {1012}
        assert len(stubborn) == 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGQUIT])
def test_it_leaves_nothing_behind_on_a_quick_end(
    engine: Engine, redis: Redis, doors: Doors, number: signal.Signals
) -> None:
    with running_service(engine, redis, seats=4) as service, service.connect(doors.token()) as viewer:
        worker = psutil.Process(service.process.pid).children()[0]
        service.process.send_signal(number)
        assert service.process.wait(10) == 0
        assert not worker.is_running()
        viewer.ended()


def test_its_worker_goes_when_its_parent_was_killed(engine: Engine, redis: Redis, doors: Doors) -> None:
    with running_service(engine, redis, seats=4, killed=True) as service, service.connect(doors.token()) as viewer:
        worker = psutil.Process(service.process.pid).children()[0]
        service.process.kill()
        service.process.wait(10)
        viewer.ended()
        worker.wait(10)


def test_it_finds_back_to_a_valkey_that_was_killed_and_loses_no_frame_that_is_still_there(
    engine: Engine, doors: Doors
) -> None:
    with temporary_folder() as folder, ExitStack() as stack:
        valkey = embedded_valkey(folder)
        life = stack.enter_context(ExitStack())
        life.enter_context(running(valkey.program(), valkey.home))
        redis = stack.enter_context(Redis.from_url(valkey.url))
        studio = Studio(redis)
        studio.snapshot({"queue_depth": 0})
        service = stack.enter_context(running_service(engine, redis, seats=4))
        viewer = stack.enter_context(service.connect(doors.token()))
        seen = viewer.frame()["seq"]
        time.sleep(1.2)  # what it holds is on disk
        life.close()
        time.sleep(1)
        life.enter_context(running(valkey.program(), valkey.home))
        for depth in range(1, 4):
            studio.delta({"queue_depth": depth})
        frames = [viewer.frame(seconds=10) for _ in range(3)]
        assert [frame["seq"] for frame in frames] == list(range(seen + 1, seen + 4))


def test_a_viewer_resumes_at_the_next_service_after_a_restart(engine: Engine, redis: Redis, doors: Doors) -> None:
    redis.flushdb()
    studio, token = Studio(redis), doors.token()
    studio.snapshot({"queue_depth": 0})
    with running_service(engine, redis, seats=4) as service, service.connect(token) as viewer:
        seen = viewer.frame()["seq"]
    for depth in (1, 2, 3):
        studio.delta({"queue_depth": depth})
    with running_service(engine, redis, seats=4) as service, service.connect(token, f"?since={seen}") as viewer:
        frames = [viewer.frame() for _ in range(3)]
    assert [(frame["type"], frame["seq"]) for frame in frames] == [("delta", seen + place) for place in (1, 2, 3)]


def test_it_shows_the_new_state_when_valkey_came_back_empty(engine: Engine, doors: Doors) -> None:
    with temporary_folder() as folder, ExitStack() as stack:
        valkey = embedded_valkey(folder, persistent=False)
        life = stack.enter_context(ExitStack())
        life.enter_context(running(valkey.program(), valkey.home))
        redis = stack.enter_context(Redis.from_url(valkey.url))
        studio = Studio(redis)
        studio.snapshot({"queue_depth": 0})
        service = stack.enter_context(running_service(engine, redis, seats=4))
        viewer = stack.enter_context(service.connect(doors.token()))
        viewer.frame()
        life.close()
        life.enter_context(running(valkey.program(), valkey.home))
        studio.seq += 3
        studio.snapshot({"queue_depth": 8})
        assert viewer.frame(seconds=10)["payload"] == {"queue_depth": 8}


def test_it_lives_on_while_valkey_hangs(engine: Engine, doors: Doors) -> None:
    with temporary_folder() as folder, ExitStack() as stack:
        valkey = embedded_valkey(folder)
        process = stack.enter_context(running(valkey.program(), valkey.home))
        redis = stack.enter_context(Redis.from_url(valkey.url))
        studio = Studio(redis)
        studio.snapshot({"queue_depth": 0})
        service = stack.enter_context(running_service(engine, redis, seats=4))
        viewer = stack.enter_context(service.connect(doors.token()))
        viewer.frame()
        process.send_signal(signal.SIGSTOP)
        try:
            time.sleep(4)
            assert viewer.ask("ping")["type"] == "pong"
            assert service.knock({"Authorization": f"Bearer {doors.token()}"})[0] == 101
        finally:
            process.send_signal(signal.SIGCONT)
        studio.delta({"queue_depth": 1})
        assert viewer.frame(seconds=10)["payload"] == {"queue_depth": 1}


def embedded_valkey(folder: str, *, persistent: bool = True) -> Valkey:
    home = InstanceDir(Path(folder) / "home")
    home.make()
    return Valkey.of(home, home.state(), free_port(), persistent=persistent)
