"""The relay is ended at each point between two commits: nothing is lost, and what comes twice bears the same key."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from data.alerts.transition import State
from tests.integration.delivery.conftest import alert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from tests.integration.delivery.conftest import House
    from tests.receivers import Receiver

RELAY = """
from data.alerts.delivery.relay import Relay
from data.services import Services
from data.settings import Settings
Relay.of(Services.open(Settings.load(_env_file=None))).run()
"""
GATE = 4711  # the advisory lock that a held row waits for

# Where the relay stands still: (table, when), and how often the message is heard in the end.
POINTS = {
    "notifications are decided, no message is committed": ("alert_notifications", "new.state = 'composed'", 1),
    "the message is made, and not taken": ("alert_messages", "new.state = 'sending'", 1),
    "it was answered, and that is not committed": ("alert_messages", "new.state = 'sent'", 2),
    "the alert counts as announced, and that is not committed": ("alert_announcements", "true", 2),
    "all is written, the lease is still held": ("alert_channels", "new.relay_token is null", 1),
}


@contextmanager
def held_at(owner: Engine, table: str, when: str) -> Iterator[Callable[[], bool]]:
    """Whatever writes such a row stands still; what is given tells whether somebody does."""
    with owner.begin() as connection:
        connection.execute(
            text(f"""create or replace function test_gate() returns trigger language plpgsql as
                     $$ begin perform pg_advisory_xact_lock_shared({GATE}); return new; end $$""")
        )
        connection.execute(
            text(f"""create trigger test_gate before insert or update on {table} for each row when ({when})
                     execute function test_gate()""")
        )
    waiting = text("select count(*) from pg_locks where locktype = 'advisory' and not granted")
    try:
        with owner.connect() as gate:
            gate.execute(text(f"select pg_advisory_lock({GATE})"))
            yield lambda: bool(gate.scalar(waiting))
            gate.execute(text(f"select pg_advisory_unlock({GATE})"))
    finally:
        with owner.begin() as connection:
            connection.execute(text(f"drop trigger test_gate on {table}"))
            connection.execute(text("drop function test_gate"))


def start(house: House) -> subprocess.Popen[bytes]:
    settings = house.mc.settings
    assert settings.database_url
    assert settings.redis_url
    assert settings.secret_key
    env = {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "PATH": os.defpath,
    }
    return subprocess.Popen([sys.executable, "-c", RELAY], env=env)


def check(house: House, hook: Receiver, times: int) -> None:
    """All of it arrived, so many times; a repetition bears the same key, and the end follows as if nothing had been."""
    house.later(seconds=25)  # the lease of the relay that was ended is over
    house.relay()
    assert len(hook.heard) == times
    assert len(set(hook.keys)) == 1
    assert {state for _, state, _ in house.reasons()} == {"sent"}
    house.record(alert(1, State.RESOLVED), alert(2, State.RESOLVED, group="group-1"))
    house.relay()
    assert len(hook.heard) == times + 1
    [(still,)] = house.run("select count(*) from alert_announcements where open")
    assert still == 0


@pytest.mark.parametrize("point", POINTS)
def test_a_relay_that_is_killed_between_two_commits_loses_nothing(
    house: House, hook: Receiver, owner: Engine, eventually: Callable[..., None], point: str
) -> None:
    table, when, times = POINTS[point]
    house.channel("ops", url=hook.url)
    house.record(alert(1), alert(2, group="group-1"))
    with held_at(owner, table, when) as stands_still:
        relay = start(house)
        eventually(stands_still, seconds=20)
        relay.kill()
        relay.wait(10)
    eventually(lambda: _gone(owner), seconds=10)
    check(house, hook, times)


def test_a_relay_that_is_killed_before_the_answer_sends_it_again_under_the_same_key(
    house: House, hook: Receiver
) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1), alert(2, group="group-1"))
    relay = start(house)
    hook.on_heard = lambda _: (relay.kill(), relay.wait(10)) if relay.poll() is None else None
    relay.wait(20)
    check(house, hook, times=2)


def test_a_relay_that_is_killed_before_it_began_loses_nothing(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1), alert(2, group="group-1"))
    check(house, hook, times=1)


def _gone(owner: Engine) -> bool:
    """The killed relay's session has ended, and with it what it had not committed."""
    with owner.connect() as connection:
        return not connection.scalar(
            text("""select count(*) from pg_stat_activity where application_name = 'mission-control'
                    and state in ('active', 'idle in transaction') and wait_event_type = 'Lock'""")
        )
