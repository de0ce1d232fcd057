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
from data.quotas import purses
from data.quotas.choices import candidates
from data.quotas.ledger import Decision, note_decision
from data.quotas.line import Line, NoReply
from data.quotas.providers import CLIENTS
from data.quotas.purses import Marks
from data.quotas.reading import account_of
from data.settings import PROVIDER_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Connection

    from data.permissions import Actor
    from data.quotas.choices import Purse
    from data.quotas.providers.client import Client
    from data.quotas.queries import Priority, Query
    from data.quotas.verdicts import Account
    from data.services import Services

ROOM, ROOM_WAIT_S = 8, 3.0  # calls at once in a process, so that hanging providers leave threads for everybody else
BOOK_S = 0.25  # how long what was read counts; the reservation looks again
ACCOUNT_S = 4.0
SIMULATED_KEY = "key-of-the-simulation"


class Desk:
    """One a process. `bases` sends providers elsewhere than to their own address: to stand-ins, in tests."""

    simulated_key: ClassVar[str] = SIMULATED_KEY

    def __init__(self, services: Services, *, bases: Mapping[str, str] | None = None) -> None:
        self.services = services
        self.line = Line()
        self._bases = dict(bases or {})
        self._room = threading.BoundedSemaphore(ROOM)
        self._books: dict[bool, tuple[float, list[Purse]]] = {}
        self.marks = Marks({name: self._digest(key) for name, key in self._keys().items()}, self._standins is not None)

    @property
    def _standins(self) -> str | None:
        return self.services.settings.standins_url

    def _keys(self) -> dict[str, str]:
        given = {name.removesuffix("_api_key"): getattr(self.services.settings, name) for name in PROVIDER_KEYS}
        return {name: key.get_secret_value() for name, key in given.items() if key and key.get_secret_value()}

    def _digest(self, key: str) -> str:
        return hashlib.blake2b(key.encode(), key=self.services.pepper[:64], digest_size=8).hexdigest()

    def way(self, provider: str, *, simulated: bool) -> tuple[Client, str, str]:
        """The client, the address and the key of a provider. What is simulated never leaves this machine."""
        client = CLIENTS[provider]
        if simulated:
            return client, f"{(self._standins or '').rstrip('/')}/{provider}", SIMULATED_KEY
        return client, self._bases.get(provider, client.base), self._keys()[provider]

    def purses(self, *, simulated: bool, fresh: bool = False) -> list[Purse]:
        """All purses of one kind, brought up to date, as they were at most `BOOK_S` ago: for calls and the worker."""
        read_at, book = self._books.get(simulated, (0.0, []))
        if not book or fresh or time.monotonic() - read_at > BOOK_S:
            with transaction(self.services.engine) as connection:
                purses.bring_up_to_date(connection, self.marks, clock.now(), simulated=simulated)
                book = self.look(connection, simulated=simulated)
            self._books[simulated] = (time.monotonic(), book)
        return book

    def known(self, connect: Callable[[], Connection], *, simulated: bool) -> list[Purse]:
        """All purses of one kind, as they were at most `BOOK_S` ago; nothing is written, mostly nothing is asked."""
        read_at, book = self._books.get(simulated, (0.0, []))
        if not book or time.monotonic() - read_at > BOOK_S:
            book = self.look(connect(), simulated=simulated)
            self._books[simulated] = (time.monotonic(), book)
        return book

    def look(self, connection: Connection, *, simulated: bool) -> list[Purse]:
        """All purses of one kind as they stand; nothing is written."""
        return purses.load(connection, self.marks, clock.now(), simulated=simulated)

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
            purses.bring_up_to_date(connect(), self.marks, clock.now(), simulated=actor.simulated)
        shown = self.known(connect, simulated=actor.simulated)
        book = [each for each in shown if each.provider.provider not in down]
        decision.explain(candidates(book, query, priority, clock.now()))
        if store:
            winner = next((each.provider for each in decision.found if each.refused is None), None)
            note_decision(connect(), decision, winner, "routed" if winner else "refused")
        return decision

    def account(self, provider: str, *, simulated: bool) -> Account | None:
        """Ask a provider for its own number and keep it; None where it has none, or did not answer."""
        purse = next((each for each in self.purses(simulated=simulated) if each.provider.provider == provider), None)
        if purse is None:
            raise NotFound(f"There is no provider {provider}")
        account = self.ask_account(purse) if purse.has_key else None
        if account is not None:
            with transaction(self.services.engine) as connection:
                purses.note_account(connection, purse.provider, account, clock.now(), simulated=simulated)
        return account

    def ask_account(self, purse: Purse) -> Account | None:
        client, base, key = self.way(purse.provider.provider, simulated=purse.simulated)
        request = client.account_request(key)
        if request is None:
            return None
        try:
            return account_of(client, self.line.ask(base, request, seconds=ACCOUNT_S), key)
        except NoReply:
            return None

    @contextmanager
    def room(self) -> Iterator[None]:
        if not self._room.acquire(timeout=ROOM_WAIT_S):
            raise TooMany(f"{ROOM} calls are under way in this process; try again in a moment", retry_after=1)
        try:
            yield
        finally:
            self._room.release()

    def close(self) -> None:
        self.line.close()


def as_plain(decision: Decision, *, dry_run: bool) -> dict[str, Any]:
    """A decision for programs and for the page."""
    winner = next((each for each in decision.found if each.refused is None), None)
    return {
        "decision_id": None if dry_run else str(decision.id),
        "provider": winner.provider if winner else None,
        "reason": decision.words,
        "query_type": decision.query_type,
        "priority": decision.priority,
        "dry_run": dry_run,
        "candidates": [each.plain() for each in decision.found],
    }
