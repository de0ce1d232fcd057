"""Who asks paid APIs in live traffic: through the server's own door, which sends them to stand-ins on this machine."""

from __future__ import annotations

import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from clients.sdk.errors import ApiError, SdkError
from clients.simulator.providers.faults import Answers
from clients.simulator.providers.server import Standins
from clients.simulator.seeded_random import seeded_random
from clients.simulator.session_context import log
from clients.simulator.spending import HABITS, asks

if TYPE_CHECKING:
    from clients.sdk.shapes import Quota
    from clients.simulator.backfill import Backfill
    from clients.simulator.session_context import SessionContext
    from clients.simulator.spending import Ask

EVERY_S = 5.0
LATE = timedelta(minutes=2)  # what was to be asked longer ago is left out
REFUSED = 429  # nobody can take it: that is an answer
TROUBLE_EVERY = timedelta(minutes=45)
SHARED, FOREIGN = "webscraping_ai", 0.02  # the account that others use too, and how much of what we do
TROUBLES = (Answers(503), Answers(500, b'{"message": "internal error"}'), Answers(429, b"{}", {"Retry-After": "90"}))


def open_standins(address: str | None) -> Standins | None:
    """The seven at http://127.0.0.1:PORT, where the server expects them; None where it expects none."""
    port = urlsplit(address).port if address else None
    if not port:
        return None
    paces = {habit.provider: (habit.latency / 1000, habit.latency / 4000) for habit in HABITS}
    try:
        standins = Standins(port, paces=paces)
    except OSError as error:
        log.warning("paid APIs cannot be played on port %d: %s", port, error.strerror)
        return None
    standins.start()
    return standins


class ApiCallers:
    """They begin when the past is told: what was spent then stands in the stand-ins' books as well."""

    def __init__(self, context: SessionContext, past: Backfill, standins: Standins | None) -> None:
        self._context, self._past, self._standins = context, past, standins
        self._told_until = context.started
        self._troubled_at = context.started
        self._thread = threading.Thread(target=self._live, name="buyers", daemon=True)

    def begin(self) -> None:
        self._thread.start()

    def _live(self) -> None:
        self._past.wait()
        settled = False
        while not self._context.over.wait(EVERY_S):
            at = datetime.now(UTC)
            settled = settled or self._settle()
            self._make_trouble(at)
            for ask in asks(self._context.world, max(self._told_until, at - LATE), at):
                self._ask(ask)
            self._told_until = at

    def _settle(self) -> bool:
        """Writes into the stand-ins' books what the server's say; False where it did not answer."""
        if self._standins is None:
            return True
        try:
            known = self._context.api.quotas(simulated=True)
        except SdkError as error:
            log.warning("quotas: %s", error)
            return False
        for quota in known:
            settle(self._standins, quota)
        return True

    def _ask(self, ask: Ask) -> None:
        """Without stand-ins it is only told that it was asked. What the past asked first is paid for once more: the
        server's cache holds only what it has fetched itself."""
        if self._standins is None:
            self._context.send("api_usage", [ask.row(self._context.world)])
        else:
            self._buy(ask)

    def _buy(self, ask: Ask) -> None:
        try:
            self._context.api.with_patience(0).ask(ask.query_type, dict(ask.params), priority=ask.priority)
        except SdkError as error:
            if not isinstance(error, ApiError) or error.status != REFUSED:
                log.warning("a %s query: %s", ask.query_type, error)

    def _make_trouble(self, at: datetime) -> None:
        """Now and then a provider has a bad moment, so that failover is to be seen."""
        if self._standins is None or at - self._troubled_at < TROUBLE_EVERY:
            return
        self._troubled_at = at
        roll = seeded_random(self._context.world.seed, "trouble", at)
        fault, provider = roll.choice(TROUBLES), roll.choice(HABITS).provider
        self._standins.faults[provider] = deque([fault] * roll.randint(1, 3))
        log.info("%s has trouble", provider)


def settle(standins: Standins, quota: Quota) -> None:
    """A customer's account as the server knows it; one of them somebody else uses too: a little drift."""
    account = standins.accounts.get(quota["provider"])
    if account is not None:
        foreign = quota["used"] * FOREIGN if quota["provider"] == SHARED else 0.0
        account.used = round(quota["used"] + max(quota["unmetered"], foreign))
        if quota["quota"] is not None:
            account.limit = round(quota["quota"])
