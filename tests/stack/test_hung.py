"""Hung is not dead: whoever stops without ending is replaced after a bounded silence, and nobody for another's sake."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest

from tests.product import Product
from tests.stack.ledger import Ledger
from tests.support import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.stack

PATIENCE_S = 6
BACK_S = 45
EVERYBODY = ("postgres", "valkey", "web", "sockets", "worker", "beat", "satellite")


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with temporary_folder() as folder:
        product = Product.start(Path(folder) / "home", HUNG_AFTER_SECONDS=str(PATIENCE_S))
        try:
            yield product.wait_ready()
        finally:
            product.stop()


@pytest.fixture(scope="module")
def ledger(product: Product) -> Iterator[Ledger]:
    made = product.command("key", "create", "ledger", "--scopes", "ingest,read,operate")
    assert made.returncode == 0, made.stderr
    with Ledger(product.url, made.stdout.splitlines()[-1]) as ledger:
        yield ledger


def readiness(product: Product) -> dict[str, Any]:
    """What /readyz says, its code included; nothing while nobody answers."""
    try:
        answer = httpx.get(f"{product.url}/readyz", timeout=5)
    except httpx.HTTPError:
        return {"code": 0}
    found: dict[str, Any] = answer.json()
    return found | {"code": answer.status_code}


def is_ready(product: Product) -> bool:
    return bool(readiness(product)["code"] == 200)


def test_it_says_that_it_is_ready_when_readyz_does_and_not_before() -> None:
    with temporary_folder() as folder:
        product = Product.start(Path(folder) / "home")
        try:
            product.wait_ready()
            assert readiness(product)["code"] == 200
        finally:
            product.stop()


@pytest.mark.parametrize("name", EVERYBODY)
def test_one_that_hangs_is_replaced_alone_and_that_is_said(
    product: Product, ledger: Ledger, eventually: Callable[..., None], name: str
) -> None:
    eventually(lambda: is_ready(product), seconds=BACK_S)
    before = product.processes()
    os.kill(before[name]["pid"], signal.SIGSTOP)
    eventually(lambda: product.processes()[name]["restarts"] > before[name]["restarts"], seconds=BACK_S)
    eventually(lambda: is_ready(product), seconds=BACK_S)
    now = readiness(product)["processes"]
    assert "was silent for" in now[name]["why"] or "was stopped by a signal" in now[name]["why"]
    assert f"{name} {now[name]['why']}" in (product.home / "logs" / "supervisor.log").read_text()
    others = [other for other in EVERYBODY if other != name]
    assert [now[other]["restarts"] for other in others] == [before[other]["restarts"] for other in others]
    safe = ledger.safe
    eventually(lambda: ledger.safe > safe, seconds=BACK_S)


def test_a_child_of_the_pool_that_hangs_is_replaced_by_its_worker(
    product: Product, eventually: Callable[..., None]
) -> None:
    eventually(lambda: is_ready(product), seconds=BACK_S)
    before = product.processes()["worker"]
    hung = psutil.Process(before["pid"]).children()[0]
    hung.suspend()
    eventually(lambda: not hung.is_running() or hung.status() == psutil.STATUS_ZOMBIE, seconds=BACK_S)
    eventually(lambda: is_ready(product), seconds=BACK_S)
    assert product.processes()["worker"] == before
    assert f"worker: process {hung.pid} was stopped" in (product.home / "logs" / "supervisor.log").read_text()


def test_the_whole_of_a_service_that_hangs_is_replaced(product: Product, eventually: Callable[..., None]) -> None:
    """The worker with its pool, PostgreSQL with its sessions."""
    for name in ("worker", "postgres"):
        eventually(lambda: is_ready(product), seconds=BACK_S)
        before = product.processes()[name]
        first = psutil.Process(before["pid"])
        family = [first, *first.children(recursive=True)]
        for one in family:
            one.suspend()
        eventually(lambda name=name, before=before: product.processes()[name]["pid"] != before["pid"], seconds=BACK_S)
        eventually(lambda: is_ready(product), seconds=BACK_S)
        assert [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []


def test_nothing_that_was_acknowledged_is_lost(
    product: Product, ledger: Ledger, eventually: Callable[..., None]
) -> None:
    eventually(lambda: is_ready(product), seconds=BACK_S)
    time.sleep(1)
    ledger.__exit__()
    ledger.check(product.addresses()["DATABASE_URL"])
    assert ledger.safe > 100
