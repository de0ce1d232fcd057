"""The publisher on a real PostgreSQL and Valkey, and what it says while one of them is away."""

from __future__ import annotations

import itertools
import signal
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from pydantic import SecretStr
from redis import Redis
from sqlalchemy import text

from data.live import channel
from data.live.channel import Frame, fold
from data.migrations.run import migrate
from data.missions import commands
from data.permissions import SYSTEM
from data.services import Services
from deploy.embedded.home import Home
from deploy.embedded.ports import free_port
from deploy.embedded.postgres import FOR_TESTS, Postgres
from deploy.embedded.valkey import Valkey
from tasks.live import LOCK, Publisher, publishing
from tests.support import running, temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
        job_id = commands.submit(quick, SYSTEM, job_type="t", target_url="https://example.org/")["job_id"]
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


@contextmanager
def own_services(services: Services) -> Iterator[tuple[Services, psutil.Process, ExitStack, Valkey, ExitStack]]:
    """A PostgreSQL and a Valkey of this test's own, to be killed and hung; both end with it."""
    with ExitStack() as stack:
        home = Home(Path(stack.enter_context(temporary_folder())) / "home")
        home.make()
        state = home.state()
        postgres = Postgres.of(home, state, free_port(), FOR_TESTS)
        postgres_life, valkey_life = stack.enter_context(ExitStack()), stack.enter_context(ExitStack())
        process = postgres_life.enter_context(running(postgres.program(), home))
        postgres.ensure_database()
        valkey = Valkey.of(home, state, free_port(), persistent=False)
        valkey_life.enter_context(running(valkey.program(), home))
        settings = services.settings.model_copy(
            update={"database_url": SecretStr(postgres.url), "redis_url": SecretStr(valkey.url)}
        )
        own = Services.open(settings)
        stack.callback(own.cache.redis.close)
        stack.callback(own.engine.dispose)
        migrate(own.engine)
        yield with_tick(own), psutil.Process(process.pid), postgres_life, valkey, valkey_life


def family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def test_it_tells_within_seconds_that_postgres_hangs_and_mends_by_itself(mc: Services) -> None:
    with own_services(mc) as (own, postgres, *_), publishing(own):
        redis = own.cache.redis
        good = wait_for(redis, lambda found: len(found) >= 3)[-1]
        for process in family(postgres):
            process.suspend()
        try:
            seen = len(frames(redis))
            wait_for(redis, lambda found: postgres_state(found) == "degraded", seconds=3)
            found = wait_for(redis, lambda found: postgres_state(found) == "down", seconds=6)
            hung = wait_for(redis, lambda more: len(more) >= len(found) + 4, seconds=6)[seen + 1 :]
        finally:
            for process in family(postgres):
                process.resume()
        assert {frame.payload["as_of"] for frame in hung} == {hung[0].payload["as_of"]}
        assert hung[0].payload["as_of"] - good.payload["as_of"] <= 2 * TICK_S * 1000
        assert hung[-1].payload["tick"] > good.payload["tick"]
        healed = wait_for(redis, lambda found: postgres_state(found) == "ok", seconds=8)
    assert [frame.seq for frame in healed] == list(range(healed[0].seq, healed[0].seq + len(healed)))
    assert [frame.type for frame in healed].count("snapshot") == 1


def test_it_tells_that_postgres_is_dead(mc: Services) -> None:
    with own_services(mc) as (own, _, postgres_life, *_rest), publishing(own):
        redis = own.cache.redis
        wait_for(redis, lambda found: len(found) >= 2)
        postgres_life.close()
        wait_for(redis, lambda found: postgres_state(found) == "down", seconds=5)
        seen = len(frames(redis))
        wait_for(redis, lambda found: len(found) >= seen + 3, seconds=5)


@pytest.mark.parametrize("way", ["hung", "gone"])
def test_it_publishes_again_as_soon_as_valkey_is_back(mc: Services, way: str) -> None:
    with own_services(mc) as (own, _, _, valkey, valkey_life), publishing(own):
        redis = Redis.from_url(valkey.url)
        last = wait_for(redis, lambda found: len(found) >= 3)[-1].seq
        if way == "gone":
            valkey_life.close()
            time.sleep(1)
            valkey_life.enter_context(running(valkey.program(), valkey.home))
        else:
            process = psutil.Process(redis.info("server")["process_id"])
            process.send_signal(signal.SIGSTOP)
            time.sleep(3)
            process.send_signal(signal.SIGCONT)
        found = wait_for(redis, lambda found: found[-1:] != [] and found[-1].seq > last + 2, seconds=5)
        redis.close()
    fresh = [frame for frame in found if frame.seq > last]
    assert "snapshot" in {frame.type for frame in fresh}
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
