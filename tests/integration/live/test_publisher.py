"""The publisher on a real PostgreSQL and Valkey, and what it says while one of them is away."""

from __future__ import annotations

import itertools
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from data.live import channel
from data.live.channel import Frame, fold
from data.migrations.run import migrate
from data.missions import commands
from data.services import Services
from deploy.embedded.instance_dir import InstanceDir
from deploy.embedded.ports import free_port
from deploy.embedded.postgres import FOR_TESTS, Postgres
from deploy.embedded.valkey import Valkey
from tasks.live import LOCK, Publisher, publishing
from tests.callers import commanded
from tests.support import running, temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from redis import Redis

    from deploy.embedded import child

TICK_S = 0.5


@pytest.fixture
def quick(mc: Services) -> Services:
    return with_tick(mc)


def with_tick(services: Services) -> Services:
    return replace(services, settings=services.settings.model_copy(update={"dashboard_refresh_rate": TICK_S * 1000}))


def frames(redis: Redis) -> list[Frame]:
    return [Frame.decoded(raw) for raw in channel.read(redis, 0, count=1000)]


def wait_for(redis: Redis, wanted: Callable[[list[Frame]], bool], *, seconds: float = 10) -> list[Frame]:
    deadline = time.monotonic() + seconds
    while not wanted(found := frames(redis)):
        assert time.monotonic() < deadline, [(frame.seq, frame.type) for frame in found]
        time.sleep(0.05)
    return found


def postgres_state(found: list[Frame]) -> str:
    """What the newest state says of PostgreSQL."""
    state = fold(None, found)
    return str(state.payload["services"]["postgres"]["status"]) if state else "nothing"


def test_it_publishes_a_whole_state_and_then_what_changed_every_tick(quick: Services) -> None:
    redis = quick.cache.redis
    with publishing(quick):
        wait_for(redis, lambda found: len(found) >= 2)
        job_id = commanded(quick, commands.submit, job_type="t", target_url="https://example.org/")["job_id"]
        found = wait_for(redis, lambda found: any(job_id in str(frame.payload) for frame in found))
        found = wait_for(redis, lambda more: len(more) >= len(found) + 2)
    assert [frame.type for frame in found] == ["snapshot"] + ["delta"] * (len(found) - 1)
    assert [frame.seq for frame in found] == list(range(found[0].seq, found[0].seq + len(found)))
    assert all({"as_of", "tick"} <= set(frame.payload) for frame in found)
    gaps = [later.ts - earlier.ts for earlier, later in itertools.pairwise(found)]
    assert max(gaps) < 1.6 * TICK_S * 1000
    state = fold(None, found)
    assert state is not None
    assert state.payload["active_jobs"][job_id]["status"] == "queued"
    assert state.payload["queue_depth"] == 1
    assert len(found[-1].encoded()) < 600


def test_what_is_kept_leads_to_the_newest_state(quick: Services) -> None:
    redis = quick.cache.redis
    with publishing(quick):
        wait_for(redis, lambda found: len(found) >= 3)
    kept, folded = channel.load(redis), fold(None, frames(redis))
    assert kept == folded
    redis.delete(channel.SNAPSHOT)
    assert channel.load(redis) == folded


def test_it_sends_a_whole_state_every_thirty_ticks(mc: Services) -> None:
    publisher = Publisher(mc)
    for _ in range(32):
        publisher.tick()
    stop = threading.Event()
    stop.set()
    publisher.run(stop)
    kinds = [frame.type for frame in frames(mc.cache.redis)]
    assert [place for place, kind in enumerate(kinds) if kind == "snapshot"] == [0, 30]


def test_it_says_that_it_is_alive_and_notes_each_minute_once(quick: Services) -> None:
    with publishing(quick):
        wait_for(quick.cache.redis, lambda found: len(found) >= 3)
    assert abs(float(quick.cache.redis.get("mc:hb:beat")) - time.time()) < 10
    with quick.engine.connect() as connection:
        assert connection.scalar(text("select count(*) from live_minutes")) in (1, 2)


def test_one_leads_and_another_takes_over_without_turning_back(quick: Services) -> None:
    redis = quick.cache.redis
    with ExitStack() as first, publishing(quick):
        time.sleep(2 * TICK_S)
        first.enter_context(publishing(quick))
        first.enter_context(publishing(quick))
        before = wait_for(redis, lambda found: len(found) >= 5)
        assert [frame.type for frame in before].count("snapshot") == 1
        gaps = [later.ts - earlier.ts for earlier, later in itertools.pairwise(before)]
        assert min(gaps) > 0.4 * TICK_S * 1000
    with publishing(quick):
        found = wait_for(redis, lambda found: len(found) >= len(before) + 3)
    seqs = [frame.seq for frame in found]
    assert seqs == sorted(set(seqs))
    assert [frame.type for frame in found].count("snapshot") >= 2


def test_it_goes_on_when_its_connection_is_cut(quick: Services) -> None:
    redis = quick.cache.redis
    with publishing(quick):
        wait_for(redis, lambda found: len(found) >= 2)
        for _ in range(3):
            with quick.engine.begin() as connection:
                cut = connection.execute(
                    text("""select pg_terminate_backend(pid) from pg_locks
                            where locktype = 'advisory' and objid = :key and granted"""),
                    {"key": LOCK},
                ).rowcount
            assert cut == 1
            seen = len(frames(redis))
            found = wait_for(redis, lambda found, seen=seen: len(found) >= seen + 3)
    assert [frame.seq for frame in found] == list(range(found[0].seq, found[0].seq + len(found)))
    assert postgres_state(found) == "ok"


def test_it_never_turns_back_when_valkey_forgot_everything(quick: Services) -> None:
    redis = quick.cache.redis
    with publishing(quick):
        last = wait_for(redis, lambda found: len(found) >= 3)[-1].seq
    redis.flushdb()
    with publishing(quick):
        found = wait_for(redis, lambda found: len(found) >= 2)
    assert found[0].type == "snapshot"
    assert found[0].seq > last


@dataclass
class House:
    """A PostgreSQL and a Valkey of these tests' own, to be killed and hung."""

    services: Services
    home: InstanceDir
    postgres: Postgres
    valkey: Valkey
    lives: dict[str, ExitStack] = field(default_factory=dict)

    def start(self, program: child.Program) -> None:
        self.lives[program.name] = ExitStack()
        self.lives[program.name].enter_context(running(program, self.home))

    def stop(self, name: str) -> None:
        self.lives.pop(name).close()

    @property
    def redis(self) -> Redis:
        return self.services.cache.redis

    def postgres_processes(self) -> list[psutil.Process]:
        pid = int((self.home.postgres / "postmaster.pid").read_text().splitlines()[0])
        return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


@pytest.fixture(scope="module")
def own(opened: Services) -> Iterator[House]:
    with ExitStack() as stack:
        home = InstanceDir(Path(stack.enter_context(temporary_folder())) / "home")
        home.make()
        state = home.state()
        postgres = Postgres.of(home, state, free_port(), FOR_TESTS)
        valkey = Valkey.of(home, state, free_port(), persistent=False)
        urls = {"database_url": SecretStr(postgres.url), "redis_url": SecretStr(valkey.url)}
        services = Services.open(opened.settings.model_copy(update=urls))
        house = House(with_tick(services), home, postgres, valkey)
        stack.callback(lambda: [life.close() for life in house.lives.values()])
        stack.callback(services.cache.redis.close)
        stack.callback(services.engine.dispose)
        house.start(postgres.program())
        house.start(valkey.program())
        postgres.ensure_database()
        migrate(services.engine)
        yield house


@pytest.fixture
def house(own: House) -> House:
    own.redis.flushdb()
    return own


def test_it_tells_within_seconds_that_postgres_hangs_and_mends_by_itself(house: House) -> None:
    redis = house.redis
    with publishing(house.services):
        good = wait_for(redis, lambda found: len(found) >= 3)[-1]
        processes = house.postgres_processes()
        for process in processes:
            process.suspend()
        try:
            seen = len(frames(redis))
            wait_for(redis, lambda found: postgres_state(found) == "degraded", seconds=3)
            found = wait_for(redis, lambda found: postgres_state(found) == "down", seconds=6)
            hung = wait_for(redis, lambda more: len(more) >= len(found) + 4, seconds=6)[seen + 1 :]
        finally:
            for process in processes:
                process.resume()
        assert {frame.payload["as_of"] for frame in hung} == {hung[0].payload["as_of"]}
        assert hung[0].payload["as_of"] - good.payload["as_of"] <= 2 * TICK_S * 1000
        assert hung[-1].payload["tick"] > good.payload["tick"]
        healed = wait_for(redis, lambda found: postgres_state(found) == "ok", seconds=8)
    assert [frame.seq for frame in healed] == list(range(healed[0].seq, healed[0].seq + len(healed)))
    assert [frame.type for frame in healed].count("snapshot") == 1


def test_it_tells_that_postgres_is_dead_and_when_it_is_back(house: House) -> None:
    redis = house.redis
    with publishing(house.services):
        wait_for(redis, lambda found: len(found) >= 2)
        house.stop("postgres")
        wait_for(redis, lambda found: postgres_state(found) == "down", seconds=5)
        seen = len(frames(redis))
        wait_for(redis, lambda found: len(found) >= seen + 3, seconds=5)
        house.start(house.postgres.program())
        wait_for(redis, lambda found: postgres_state(found) == "ok", seconds=5)


def test_it_publishes_again_as_soon_as_a_hung_valkey_answers(house: House) -> None:
    redis = house.redis
    with publishing(house.services):
        last = wait_for(redis, lambda found: len(found) >= 3)[-1].seq
        process = psutil.Process(redis.info("server")["process_id"])
        process.suspend()
        time.sleep(2)
        process.resume()
        assert_comes_back(redis, last)


def test_it_publishes_again_as_soon_as_a_killed_valkey_is_back(house: House) -> None:
    redis = house.redis
    with publishing(house.services):
        last = wait_for(redis, lambda found: len(found) >= 3)[-1].seq
        house.stop("valkey")
        time.sleep(1)
        house.start(house.valkey.program())
        assert_comes_back(redis, last)


def assert_comes_back(redis: Redis, last: int) -> None:
    found = wait_for(redis, lambda found: found[-1:] != [] and found[-1].seq > last + 2, seconds=5)
    assert "snapshot" in {frame.type for frame in found if frame.seq > last}
    assert fold(None, found) is not None


def test_a_hung_publisher_that_wakes_up_gives_way_to_the_one_that_leads_now(quick: Services) -> None:
    redis = quick.cache.redis
    sleeper = Publisher(quick)
    sleeper.tick()
    with quick.engine.begin() as connection:
        connection.execute(
            text("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = :key"),
            {"key": LOCK},
        )
    with publishing(quick):
        wait_for(redis, lambda found: len(found) >= 4)
        sleeper.tick()
        sleeper.tick()
        found = wait_for(redis, lambda found: len(found) >= 7)
    stop = threading.Event()
    stop.set()
    sleeper.run(stop)
    assert fold(None, found) is not None
    after_takeover = found[1:]
    seqs = [frame.seq for frame in after_takeover]
    assert seqs == list(range(seqs[0], seqs[0] + len(seqs)))
