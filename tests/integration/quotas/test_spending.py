"""No credit is spent twice or lost, however many ask at once and whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from clients.simulator.providers.faults import Hangs
from data.db import transaction
from data.errors import TooMany
from data.quotas.ledger import reservations
from data.quotas.routing import gateway

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tests.integration.quotas.conftest import Counter

ASK = """
import sys, threading
from data.permissions import SYSTEM
from data.quotas.routing import calls
from data.quotas.routing.gateway import ProviderGateway
from data.quotas.routing.queries import parse_query
from data.services import Services
from data.settings import Settings
services = Services.open(Settings.load(_env_file=None))
gateway = ProviderGateway(services, bases={"valueserp": sys.argv[1]})
def ask(who):
    for number in range(int(sys.argv[3])):
        calls.call(gateway, SYSTEM, parse_query("search", {"q": f"child {who} {number}"}), "critical")
askers = [threading.Thread(target=ask, args=[who]) for who in range(int(sys.argv[2]))]
for asker in askers:
    asker.start()
for asker in askers:
    asker.join()
"""


def another(counter: Counter, *, askers: int = 1, times: int = 1) -> subprocess.Popen[bytes]:
    """A process of its own that asks ValueSERP."""
    settings = counter.mc.settings
    assert settings.database_url
    assert settings.redis_url
    assert settings.secret_key
    environment = os.environ | {
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "VALUESERP_API_KEY": "secret-of-valueserp-9f8e7d6c5b4a",
    }
    argv = [sys.executable, "-c", ASK, f"{counter.standins.url}/valueserp", str(askers), str(times)]
    return subprocess.Popen(argv, env=environment)


def kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def test_two_hundred_at_once_spend_fifty_credits_and_no_more(
    counter: Counter, together: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "SLOT_WAIT_S", 60.0)
    counter.only("valueserp", quota=50, concurrency=100, per_second=None)
    counter.edit("serpstack", state="active", quota=30, concurrency=100)
    counter.standins.accounts["valueserp"].limit = 50
    counter.standins.accounts["serpstack"].limit = 30

    reasons: list[str] = []

    def ask(number: int) -> str:
        try:
            return str(counter.call(q=f"query {number}", priority="critical")["provider"])
        except TooMany as refused:
            reasons.extend(error["msg"] for error in refused.errors)
            return "refused"

    answers = together(*[lambda number=number: ask(number) for number in range(200)])
    assert {who: answers.count(who) for who in set(answers)} == {"valueserp": 50, "serpstack": 30, "refused": 120}
    assert len(reasons) == 240
    assert set(reasons) == {"0 of 50 searches left, 1 needed", "0 of 30 searches left, 1 needed"}
    assert counter.standins.accounts["valueserp"].used == counter.account("valueserp").used == 50
    assert counter.standins.accounts["serpstack"].used == counter.account("serpstack").used == 30
    assert counter.value("select sum(credits) from api_usage") == 80
    assert counter.value("select count(*) from api_reservations") == 0
    assert counter.value("select count(*) from api_decisions where outcome = 'refused'") == 120


def test_reserved_credits_of_a_killed_process_come_back_once(counter: Counter, eventually: Callable[..., None]) -> None:
    counter.only("valueserp", quota=50)
    counter.standins.accounts["valueserp"].limit = 50
    counter.standins.faults["valueserp"] = Hangs(bills=True)
    process = another(counter)
    try:
        eventually(lambda: counter.value("select count(*) from api_reservations") == 1, seconds=60)
        eventually(lambda: counter.standins.accounts["valueserp"].used == 1)
    finally:
        kill(process)
    account = counter.account("valueserp")
    assert (account.used, account.reserved, account.in_flight) == (0, 1, 1)
    with transaction(counter.mc.engine) as connection:
        assert reservations.release_expired(connection) == 0  # its lease still runs
    counter.do("update api_reservations set lease_expires_at = now() - interval '1 second'")
    for gone in (1, 0):
        with transaction(counter.mc.engine) as connection:
            assert reservations.release_expired(connection) == gone
    account = counter.account("valueserp")
    assert (account.used, account.reserved, account.in_flight) == (0, 0, 0)
    assert counter.row("select outcome, credits from api_usage") == ("abandoned", 0)
    assert counter.value("select outcome from api_decisions") == "refused"
    counter.standins.faults.clear()
    counter.gateway.current_accounts(simulated=False, fresh=True)
    counter.call(q="after", priority="critical")  # its answer says what the provider counted: the dead call too
    account = counter.account("valueserp")
    assert (account.used, account.unmetered) == (1, 1)
    assert counter.standins.accounts["valueserp"].used == 2


def test_a_process_killed_amid_many_calls_loses_no_credit_and_counts_none_twice(
    counter: Counter,
    together: Callable[..., list[Any]],
    eventually: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway, "SLOT_WAIT_S", 60.0)
    counter.only("valueserp", quota=50, concurrency=100, per_second=None)
    theirs = counter.standins.accounts["valueserp"]
    theirs.limit = 50
    counter.standins._latency = (0.3, 0.0)
    process = another(counter, askers=8, times=3)
    try:
        eventually(lambda: theirs.used >= 10, seconds=60)
    finally:
        kill(process)
    account = counter.account("valueserp")
    assert account.reserved == counter.value("select sum(credits) from api_reservations") > 0
    counter.do("update api_reservations set lease_expires_at = now() - interval '1 second'")
    with transaction(counter.mc.engine) as connection:
        assert reservations.release_expired(connection) == account.reserved
    assert counter.account("valueserp").reserved == 0
    counter.standins._latency = (0.0, 0.0)

    def ask(number: int) -> str:
        try:
            return str(counter.call(q=f"query {number}", priority="critical")["provider"])
        except TooMany:
            return "refused"

    answers = together(*[lambda number=number: ask(number) for number in range(200)])
    counter.gateway.refresh_reported_usage("valueserp", simulated=False)
    after = counter.account("valueserp")
    assert theirs.used == after.used + after.unmetered == 50
    assert (
        counter.value("select sum(credits) from api_usage") == after.used == account.used + answers.count("valueserp")
    )
    assert (after.reserved, after.in_flight) == (0, 0)
    assert counter.value("select count(*) from api_reservations") == 0


def test_an_answer_after_its_lease_is_counted_and_gives_nothing_back_twice(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.only("valueserp", quota=50)
    counter.do("update api_quota_state set reserved = 3 where provider = 'valueserp'")  # of others, still under way
    send = counter.gateway.transport.send

    def late(*args: Any, **more: Any) -> Any:
        counter.do("update api_reservations set lease_expires_at = now() - interval '1 second'")
        with transaction(counter.mc.engine) as connection:
            reservations.release_expired(connection)
        return send(*args, **more)

    monkeypatch.setattr(counter.gateway.transport, "send", late)
    counter.call(q="slow")
    account = counter.account("valueserp")
    assert (account.used, account.reserved) == (1, 3)


def test_no_more_calls_are_under_way_than_the_provider_takes(
    counter: Counter, together: Callable[..., list[Any]]
) -> None:
    counter.only("serpstack", concurrency=2)
    counter.standins._latency = (0.05, 0.0)
    found = together(*[lambda number=number: counter.call(q=f"q{number}")["provider"] for number in range(6)])
    assert found == ["serpstack"] * 6
    assert counter.account("serpstack").in_flight == 0


def test_a_new_window_begins_with_what_was_spent_in_it(counter: Counter) -> None:
    counter.call(q="x", priority="low")
    counter.do(
        """update api_quota_state set window_start = window_start - interval '1 month',
             window_end = now() - interval '1 minute', used = 999, state = 'exhausted',
             until = now() - interval '1 minute'
           where provider = 'serpstack'"""
    )
    counter.gateway.current_accounts(simulated=False, fresh=True)
    account = counter.account("serpstack")
    assert (account.used, account.state) == (1, "active")


def test_what_is_simulated_has_an_account_of_its_own_and_stays_here(counter: Counter) -> None:
    from data.permissions import Actor, Permission
    from data.quotas.routing import calls
    from data.quotas.routing.queries import parse_query

    simulator = Actor("key", "k", "simulator", frozenset({Permission.QUOTAS_CALL}), simulated=True)
    counter.gateway._bases = dict.fromkeys(
        counter.gateway._bases, "http://127.0.0.1:9"
    )  # the real ones cannot be reached
    found = calls.call(counter.gateway, simulator, parse_query("search", {"q": "x"}), "low")
    assert found["simulated"]
    assert counter.account("serpstack", simulated=True).used == 1
    assert counter.value("select bool_and(simulated) from api_usage")
    assert counter.row("select count(*) from api_quota_state where not simulated and used > 0") == (0,)
