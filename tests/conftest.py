"""What every test may lean on."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deploy.embedded.home import Home
from deploy.embedded.ports import free_port
from deploy.embedded.postgres import FOR_TESTS, Postgres
from deploy.embedded.valkey import Valkey
from tests.support import Services, running, temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(temporary_folder()))
        home = Home(folder / "home")
        home.make()
        state = home.state()
        postgres = Postgres.of(home, state, free_port(), FOR_TESTS)
        stack.enter_context(running(postgres.program(), home))
        postgres.ensure_database()
        valkey = Valkey.of(home, state, free_port(), persistent=False)
        stack.enter_context(running(valkey.program(), home))
        yield Services(postgres.url, valkey.url, postgres.admin_url)


@pytest.fixture(scope="session")
def eventually() -> Callable[..., None]:
    """Waits until something becomes true; fails with its last value when it does not in time."""

    def wait(question: Callable[[], object], *, seconds: float = 10, every: float = 0.05) -> None:
        deadline = time.monotonic() + seconds
        while not (answer := question()):
            assert time.monotonic() < deadline, f"still {answer!r} after {seconds} s"
            time.sleep(every)

    return wait
