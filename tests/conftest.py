"""What every test may lean on."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

import data.services
from data.migrations.run import engine_for, migrate
from data.settings import Settings
from deploy.embedded.instance_dir import InstanceDir
from deploy.embedded.ports import free_port
from deploy.embedded.postgres import FOR_TESTS, Postgres
from deploy.embedded.valkey import Valkey
from tests.callers import empty
from tests.scheduling import Together
from tests.support import Services, running, temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from sqlalchemy import Engine
    from xdist.remote import Producer
    from xdist.scheduler import LoadScopeScheduling

# The same examples every time: a red run means a change of ours. `--hypothesis-profile=default` looks further.
hypothesis.settings.register_profile("steady", derandomize=True, deadline=None)
hypothesis.settings.register_profile("long", max_examples=8000, deadline=None)
hypothesis.settings.load_profile("steady")

collect_ignore = ["sample_area"]  # its tests run where it is laid over the product (tests/architecture)
MOST_PROCESSES = 4


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: many a test waits, for a lock, for a beat, for a process that starts."""
    return min((os.cpu_count() or 1) + 1, MOST_PROCESSES)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling | None:
    return Together(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(temporary_folder()))
        home = InstanceDir(folder / "home")
        home.make()
        state = home.state()
        postgres = Postgres.of(home, state, free_port(), FOR_TESTS)
        stack.enter_context(running(postgres.program(), home))
        postgres.ensure_database()
        valkey = Valkey.of(home, state, free_port(), persistent=False)
        stack.enter_context(running(valkey.program(), home))
        yield Services(postgres.url, postgres.owner_url, valkey.url, postgres.admin_url)


@pytest.fixture(scope="session")
def eventually() -> Callable[..., None]:
    """Waits until something becomes true; fails with its last value when it does not in time."""

    def wait(question: Callable[[], object], *, seconds: float = 10, every: float = 0.05) -> None:
        deadline = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < deadline, f"still {answer!r} after {seconds} s"
            time.sleep(every)

    return wait


@pytest.fixture(scope="session")
def settings(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings as a process of the product would load them, on the suite's own PostgreSQL and Valkey."""
    return Settings.load(
        _env_file=None,
        database_url=services.database_url,
        migration_database_url=services.owner_url,
        redis_url=services.redis_url,
        secret_key="tests only " * 4,
        mission_control_home=tmp_path_factory.mktemp("home"),
        rate_limit_login=1000,
        rate_limit_api=1_000_000,
        rate_limit_ingest=1_000_000,
    )


@pytest.fixture(scope="session")
def opened(settings: Settings) -> Iterator[data.services.Services]:
    mc = data.services.Services.open(settings)
    owner = engine_for(settings)
    migrate(owner)
    owner.dispose()
    yield mc
    mc.engine.dispose()
    mc.cache.redis.close()


@pytest.fixture(scope="session")
def owner(settings: Settings) -> Iterator[Engine]:
    """The role that may empty the audit; no process of the product but `migrate` signs in as it."""
    engine = engine_for(settings.model_copy(update={"database_url": settings.migration_database_url}))
    yield engine
    engine.dispose()


@pytest.fixture
def mc(opened: data.services.Services, owner: Engine) -> data.services.Services:
    """The product's services, with nothing in the database and nothing in Redis."""
    empty(opened, owner)
    return opened


@pytest.fixture(scope="session")
def server(opened: data.services.Services) -> Flask:
    import app

    return app.create_server(opened.settings)


@pytest.fixture(scope="session")
def together() -> Callable[..., list[Any]]:
    """Runs functions at the same moment, each in its own thread; their answers in the order given."""

    def run(*functions: Callable[[], Any]) -> list[Any]:
        start = Barrier(len(functions))

        def one(function: Callable[[], Any]) -> Any:
            start.wait(timeout=10)
            return function()

        with ThreadPoolExecutor(len(functions)) as pool:
            return [future.result(timeout=60) for future in [pool.submit(one, function) for function in functions]]

    return run
