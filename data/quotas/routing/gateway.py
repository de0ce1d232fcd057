"""The one choke point: every call of a paid API is made here, and nowhere else.

Reserve in one statement, ask, settle in one transaction; where a provider does not answer, the next one is asked. This
loop is the only one that tries again. A process that dies in between leaves a reservation whose lease runs out.
"""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from data import clock
from data.db import transaction
from data.errors import NotFound, TooMany
from data.quotas.ledger.accounts import KeyFingerprints, list_accounts, record_reported_usage, roll_over
from data.quotas.ledger.writes import Decision, record_decision
from data.quotas.providers import CLIENTS
from data.quotas.providers.responses import parse_reported_usage
from data.quotas.providers.transport import Transport, TransportError
from data.quotas.routing.rules import list_candidates
from data.settings import PROVIDER_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Connection

    from data.permissions import Actor
    from data.quotas.ledger.account import Account
    from data.quotas.providers.client import Client
    from data.quotas.providers.outcomes import ReportedUsage
    from data.quotas.routing.queries import Priority, Query
    from data.services import Services

CONCURRENT_CALLS = 8  # in a process, so that hanging providers leave threads for everybody else
SLOT_WAIT_S = 3.0
ACCOUNTS_FRESH_S = 0.25  # how long what was read counts; the reservation looks again
ACCOUNT_S = 4.0
SIMULATED_KEY = "key-of-the-simulation"


class ProviderGateway:
    """One a process. `bases` sends providers elsewhere than to their own address: to stand-ins, in tests."""

    simulated_key: ClassVar[str] = SIMULATED_KEY

    def __init__(self, services: Services, *, bases: Mapping[str, str] | None = None) -> None:
        self.services = services
        self.transport = Transport()
        self._bases = dict(bases or {})
        self._slots = threading.BoundedSemaphore(CONCURRENT_CALLS)
        self._cached_accounts: dict[bool, tuple[float, list[Account]]] = {}
        self.key_fingerprints = KeyFingerprints(
            {name: self._fingerprint(key) for name, key in self._keys().items()}, self._standins is not None
        )

    @property
    def _standins(self) -> str | None:
        return self.services.settings.standins_url

    def _keys(self) -> dict[str, str]:
        keys = {name.removesuffix("_api_key"): getattr(self.services.settings, name) for name in PROVIDER_KEYS}
        return {name: key.get_secret_value() for name, key in keys.items() if key and key.get_secret_value()}

    def _fingerprint(self, key: str) -> str:
        return hashlib.blake2b(key.encode(), key=self.services.pepper[:64], digest_size=8).hexdigest()

    def endpoint_for(self, provider: str, *, simulated: bool) -> tuple[Client, str, str]:
        """The client, the address and the key of a provider. What is simulated never leaves this machine."""
        client = CLIENTS[provider]
        if simulated:
            return client, f"{(self._standins or '').rstrip('/')}/{provider}", SIMULATED_KEY
        return client, self._bases.get(provider, client.base), self._keys()[provider]

    def current_accounts(self, *, simulated: bool, fresh: bool = False) -> list[Account]:
        """All accounts of one kind, brought up to date, as they were at most `ACCOUNTS_FRESH_S` ago: for calls and the
        worker."""
        read_at, accounts = self._cached_accounts.get(simulated, (0.0, []))
        if not accounts or fresh or time.monotonic() - read_at > ACCOUNTS_FRESH_S:
            with transaction(self.services.engine) as connection:
                roll_over(connection, self.key_fingerprints, clock.now(), simulated=simulated)
                accounts = self.list_accounts(connection, simulated=simulated)
            self._cached_accounts[simulated] = (time.monotonic(), accounts)
        return accounts

    def recent_accounts(self, connect: Callable[[], Connection], *, simulated: bool) -> list[Account]:
        """All accounts of one kind, as they were at most `ACCOUNTS_FRESH_S` ago; nothing is written, mostly nothing is
        asked."""
        read_at, accounts = self._cached_accounts.get(simulated, (0.0, []))
        if not accounts or time.monotonic() - read_at > ACCOUNTS_FRESH_S:
            accounts = self.list_accounts(connect(), simulated=simulated)
            self._cached_accounts[simulated] = (time.monotonic(), accounts)
        return accounts

    def list_accounts(self, connection: Connection, *, simulated: bool) -> list[Account]:
        """All accounts of one kind as they stand; nothing is written."""
        return list_accounts(connection, self.key_fingerprints, clock.now(), simulated=simulated)

    def route(
        self,
        connect: Callable[[], Connection],
        actor: Actor,
        query: Query,
        priority: Priority,
        *,
        down: frozenset[str] = frozenset(),
        store: bool,
    ) -> Decision:
        """Who would take this query now; nothing is spent. `down`: providers to think away."""
        decision = Decision(uuid.uuid4(), query.query_type, priority, actor)
        if store:
            roll_over(connect(), self.key_fingerprints, clock.now(), simulated=actor.simulated)
        recent = self.recent_accounts(connect, simulated=actor.simulated)
        accounts = [each for each in recent if each.provider.provider not in down]
        decision.explain(list_candidates(accounts, query, priority, clock.now()))
        if store:
            winner = next((each.provider for each in decision.candidates if each.refused is None), None)
            record_decision(connect(), decision, winner, "routed" if winner else "refused")
        return decision

    def refresh_reported_usage(self, provider: str, *, simulated: bool) -> ReportedUsage | None:
        """Ask a provider for its own number and keep it; None where it has none, or did not answer."""
        account = next(
            (each for each in self.current_accounts(simulated=simulated) if each.provider.provider == provider), None
        )
        if account is None:
            raise NotFound(f"There is no provider {provider}")
        usage = self.fetch_reported_usage(account) if account.has_key else None
        if usage is not None:
            with transaction(self.services.engine) as connection:
                record_reported_usage(connection, account.provider, usage, clock.now(), simulated=simulated)
        return usage

    def fetch_reported_usage(self, account: Account) -> ReportedUsage | None:
        client, base, key = self.endpoint_for(account.provider.provider, simulated=account.simulated)
        request = client.account_request(key)
        if request is None:
            return None
        try:
            return parse_reported_usage(client, self.transport.send(base, request, seconds=ACCOUNT_S), key)
        except TransportError:
            return None

    @contextmanager
    def concurrency_slot(self) -> Iterator[None]:
        if not self._slots.acquire(timeout=SLOT_WAIT_S):
            raise TooMany(
                f"{CONCURRENT_CALLS} calls are under way in this process; try again in a moment", retry_after=1
            )
        try:
            yield
        finally:
            self._slots.release()

    def close(self) -> None:
        self.transport.close()


def to_dict(decision: Decision, *, dry_run: bool) -> dict[str, Any]:
    """A decision for programs and for the page."""
    winner = next((each for each in decision.candidates if each.refused is None), None)
    return {
        "decision_id": None if dry_run else str(decision.id),
        "provider": winner.provider if winner else None,
        "reason": decision.sentence,
        "query_type": decision.query_type,
        "priority": decision.priority,
        "dry_run": dry_run,
        "candidates": [each.to_dict() for each in decision.candidates],
    }
