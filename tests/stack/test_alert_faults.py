"""Whatever dies or hangs while alerts fire: each of them is told, and what is told twice bears the same key."""

from __future__ import annotations

import os
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from sqlalchemy import text

from data.alerts.delivery import outbox
from data.alerts.transition import State, Transition
from data.db import create_engine, transaction
from data.errors import Unavailable
from tests.product import Product
from tests.receivers import Receiver, receiver
from tests.support import temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

pytestmark = pytest.mark.stack

ALERTS, PAUSE_S = 500, 0.06
ALL_TOLD_S = 180
# After so many alerts: who, and what happens to them.
FAULTS = {
    60: ("worker", signal.SIGKILL),
    140: ("valkey", signal.SIGSTOP),
    200: ("valkey", signal.SIGCONT),
    240: ("beat", signal.SIGKILL),
    300: ("postgres", signal.SIGKILL),
    380: ("worker", signal.SIGSTOP),  # the supervisor replaces it
    440: ("valkey", signal.SIGKILL),
}


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    with temporary_folder() as folder:
        product = Product.start(Path(folder) / "home", HUNG_AFTER_SECONDS="10")
        try:
            yield product.wait_ready(90)
        finally:
            product.stop(30)


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


def fire(engine: Engine, number: int) -> None:
    """Recorded until it is known to be: an engine that was told nothing says it again."""
    one = Transition(
        alert_id=7_000_000 + number,
        rule="chaos",
        severity="warning",
        labels={"number": str(number)},
        fingerprint=f"chaos-{number}",
        group=f"chaos-{number % 25}",
        was=State.PENDING,
        now=State.FIRING,
        at=datetime.now(UTC),
        value=None,
        message=f"alert {number}",
        channels=("chaos",),
        escalation=None,
    )
    until = time.monotonic() + 60
    while True:
        try:
            with transaction(engine) as connection:
                outbox.record(connection, [one])
        except Unavailable:
            assert time.monotonic() < until
            time.sleep(0.2)
        else:
            return


def test_five_hundred_alerts_are_told_whatever_dies_meanwhile(product: Product, hook: Receiver) -> None:
    key = product.command("key", "create", "chaos", "--scopes", "admin").stdout.splitlines()[-1]
    body = {"name": "chaos", "kind": "webhook", "url": hook.url, "allow_private": True, "per_minute": 60}
    made = httpx.post(f"{product.url}/api/v1/channels", json=body, headers={"Authorization": f"Bearer {key}"})
    assert made.status_code == 201, made.text
    engine = create_engine(product.addresses()["DATABASE_URL"], pool_size=2)
    for number in range(ALERTS):
        if number in FAULTS:
            name, what = FAULTS[number]
            os.kill(product.processes()[name]["pid"], what)
        fire(engine, number)
        time.sleep(PAUSE_S)
    until = time.monotonic() + ALL_TOLD_S
    while (untold := _untold(engine)) and time.monotonic() < until:
        time.sleep(1)
    assert untold == 0
    sent = {each.headers["webhook-id"]: each.json["data"] for each in hook.heard}
    assert sum(len(data["alerts"]) + data["more"] for data in sent.values() if data["kind"] != "test") >= ALERTS
    with transaction(engine) as connection:
        stored = set(connection.scalars(text("select message_id::text from alert_messages where channel = 'chaos'")))
    assert set(sent) <= stored  # nothing was told under a key that nobody knows
    repeated = len(hook.heard) - len(sent)
    assert repeated <= len(FAULTS)
    engine.dispose()


def _untold(engine: Engine) -> int:
    """How many of the alerts the channel has not heard of."""
    try:
        with transaction(engine) as connection:
            told: int = connection.scalar(
                text("""select count(*) from alert_announcements
                        where channel = 'chaos' and open and fingerprint like 'chaos-%'""")
            )
    except Unavailable:
        return ALERTS
    return ALERTS - told
