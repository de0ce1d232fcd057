"""One call, from the first look into the cache to its answer, or to a refusal with a reason for each provider."""

from __future__ import annotations

import random
import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from data import clock
from data.db import transaction
from data.errors import BadInput, TooMany
from data.quotas.ledger.accounts import record_reported_usage
from data.quotas.ledger.reservations import reserve, settle
from data.quotas.ledger.writes import CallRecord, Decision, record_call, record_decision
from data.quotas.providers.outcomes import billed_units, needs_reported_usage, with_reported_usage
from data.quotas.providers.responses import ProviderResponse, interpret, no_response
from data.quotas.providers.transport import TransportError
from data.quotas.routing import response_cache
from data.quotas.routing.queries import PRIORITY_RANK
from data.quotas.routing.rules import list_candidates

if TYPE_CHECKING:
    from datetime import datetime

    from data.errors import FieldError
    from data.permissions import Actor
    from data.quotas.ledger.account import Account
    from data.quotas.ledger.reservations import Reservation
    from data.quotas.routing.gateway import ProviderGateway
    from data.quotas.routing.queries import Priority, Query
    from data.quotas.routing.response_cache import CachedResponse
    from data.quotas.routing.rules import Candidate

TOTAL_S = 25.0  # however many are asked
BUSY_S = 5.0  # how long a provider may be too busy before the query is refused
_LONG_WAIT = timedelta(hours=1)  # to tell where nobody knows how long
_SHORT_WAIT = timedelta(seconds=5)


def call(
    gateway: ProviderGateway, actor: Actor, query: Query, priority: Priority, *, max_age: timedelta | None = None
) -> dict[str, Any]:
    """The answer to a query, from the cache or from the provider that fits best. `max_age`: of a cached answer.

    Raises TooMany with a reason for each provider where nobody can answer, BadInput where they refuse the query itself.
    """
    with gateway.concurrency_slot():
        return _Call(gateway, query, Decision(uuid.uuid4(), query.query_type, priority, actor), max_age).run()


@dataclass(slots=True)
class _Call:
    gateway: ProviderGateway
    query: Query
    decision: Decision
    max_age: timedelta | None
    begun: float = field(default_factory=time.monotonic)
    refused_query: list[str] = field(default_factory=list)  # who said that the query is wrong

    @property
    def simulated(self) -> bool:
        return self.decision.actor.simulated

    def run(self) -> dict[str, Any]:
        now = clock.now()
        with transaction(self.gateway.services.engine) as connection:
            cached = response_cache.get_response(connection, self.query, now, simulated=self.simulated)
        if cached and cached.is_fresh(now, self.max_age):
            return self._from_cache(cached, now)
        first = self._next()
        if (
            cached
            and PRIORITY_RANK[self.decision.priority] < PRIORITY_RANK["high"]
            and (first is None or self._account(first).scarce)
        ):
            return self._from_cache(cached, now)
        while (candidate := self._next()) is not None:
            reservation = self._reserve(candidate)
            if reservation is not None and (found := self._ask(reservation, candidate)) is not None:
                return found
        raise self._refusal()

    def _next(self) -> Candidate | None:
        """The best that was not asked yet; None when all were, or the time is up."""
        accounts = self.gateway.current_accounts(simulated=self.simulated)
        self.decision.explain(list_candidates(accounts, self.query, self.decision.priority, clock.now()))
        if time.monotonic() - self.begun >= TOTAL_S:
            return None
        left = (each for each in self.decision.candidates if each.refused is None)
        return next((each for each in left if each.provider not in self.decision.tried), None)

    def _account(self, candidate: Candidate) -> Account:
        accounts = self.gateway.current_accounts(simulated=self.simulated)
        return next(each for each in accounts if each.provider.provider == candidate.provider)

    def _reserve(self, candidate: Candidate) -> Reservation | None:
        """What the call costs, taken out of the account. None: it was spent by others meanwhile, or is too busy; then
        the next look at the accounts says which."""
        wait, decision = 0.02, self.decision
        while True:
            with transaction(self.gateway.services.engine) as connection:
                found = reserve(
                    connection, self._account(candidate), candidate, decision.id, decision.query_type, decision.priority
                )
                if found is not None:
                    record_decision(connection, decision, candidate.provider, "calling")
                    return found
            self.gateway.current_accounts(simulated=self.simulated, fresh=True)
            after = self._next()
            if after is None or after.provider != candidate.provider:
                return None
            if time.monotonic() - self.begun >= BUSY_S or self._another(candidate):
                decision.tried[candidate.provider] = "busy: as many calls as it takes are under way"
                return None
            time.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 — so that those who wait do not pulse
            wait = min(2 * wait, 0.5)

    def _another(self, candidate: Candidate) -> bool:
        """Whether somebody else could take it instead of waiting for this one."""
        return any(
            each.refused is None and each.provider not in self.decision.tried and each is not candidate
            for each in self.decision.candidates
            if each.provider != candidate.provider
        )

    def _ask(self, reservation: Reservation, candidate: Candidate) -> dict[str, Any] | None:
        account, begun = reservation.account, time.monotonic()
        response = self._send(account, min(account.provider.timeout_s, TOTAL_S - (begun - self.begun)))
        latency_ms = (time.monotonic() - begun) * 1000
        if needs_reported_usage(response.result):
            usage = self.gateway.fetch_reported_usage(account)
            response = ProviderResponse(with_reported_usage(response.result, usage), reported_usage=usage)
        return self._settle(reservation, candidate, response, latency_ms)

    def _send(self, account: Account, seconds: float) -> ProviderResponse:
        client, base, key = self.gateway.endpoint_for(account.provider.provider, simulated=account.simulated)
        try:
            reply = self.gateway.transport.send(base, client.request(self.query, key), seconds=max(seconds, 0.1))
        except TransportError as error:
            return no_response(error)
        return interpret(client, self.query, reply, key, clock.now())

    def _settle(
        self, reservation: Reservation, candidate: Candidate, response: ProviderResponse, latency_ms: float
    ) -> dict[str, Any] | None:
        """Everything that follows from an answer, in one transaction."""
        now, decision, result = clock.now(), self.decision, response.result
        provider, account = candidate.provider, reservation.account
        spent = billed_units(account.provider, result, reservation.cost)
        decision.credits += spent
        self._add_attempt(candidate, response, latency_ms)
        key_fingerprint = self.gateway.key_fingerprints.of(provider, simulated=self.simulated)
        with transaction(self.gateway.services.engine) as connection:
            settle(connection, reservation, result, spent, now, latency_ms=latency_ms, key_fingerprint=key_fingerprint)
            if response.reported_usage:
                record_reported_usage(
                    connection, account.provider, response.reported_usage, now, simulated=self.simulated
                )
            record_call(
                connection, decision, provider, CallRecord(result.outcome, spent, latency_ms, result.status), now
            )
            if result.answered:
                cached = (self.query, account.provider, response.answer, spent, now)
                response_cache.save_response(connection, *cached, simulated=self.simulated)
            record_decision(connection, decision, provider, "answered" if result.answered else "calling")
        if not result.answered:
            self.gateway.current_accounts(simulated=self.simulated, fresh=True)
            return None
        return self._answer(provider, response.answer, now)

    def _add_attempt(self, candidate: Candidate, response: ProviderResponse, latency_ms: float) -> None:
        result = response.result
        if result.outcome == "bad_request":
            self.refused_query.append(f"{candidate.title}: {result.words}")
        if not result.answered:
            self.decision.tried[candidate.provider] = f"{result.outcome.replace('_', ' ')}: {result.words}"
        self.decision.attempts.append(
            {
                "provider": candidate.provider,
                "outcome": result.outcome,
                "reason": result.words,
                "status_code": result.status,
                "latency_ms": round(latency_ms, 1),
            }
        )

    def _from_cache(self, cached: CachedResponse, now: datetime) -> dict[str, Any]:
        decision, age = self.decision, now - cached.last_fetched_at
        found = list_candidates(
            self.gateway.current_accounts(simulated=self.simulated), self.query, decision.priority, now
        )
        decision.explain(found)
        fresh = "fresh" if cached.expires_at > now else "stale, but nobody can be spared for it"
        decision.sentence = (
            f"The cache answers this {self.query.query_type}: {cached.provider} was asked {_age(age)} ago, {fresh};"
            f" {cached.credits.normalize():f} saved."
        )
        with transaction(self.gateway.services.engine) as connection:
            response_cache.record_hit(connection, self.query, cached, simulated=self.simulated)
            record_call(connection, decision, cached.provider, CallRecord("cached", saved=cached.credits), now)
            record_decision(connection, decision, cached.provider, "cached")
        return self._answer(cached.provider, cached.answer, cached.last_fetched_at, cached=cached)

    def _answer(
        self, provider: str, answer: dict[str, Any] | None, fetched: datetime, *, cached: CachedResponse | None = None
    ) -> dict[str, Any]:
        decision = self.decision
        return {
            "decision_id": str(decision.id),
            "provider": provider,
            "query_type": self.query.query_type,
            "priority": decision.priority,
            "found": answer is not None,
            "answer": answer,
            "cached": cached is not None,
            "stale": cached is not None and cached.expires_at <= clock.now(),
            "last_fetched_at": fetched,
            "credits": float(decision.credits),
            "saved": float(cached.credits) if cached else 0.0,
            "reason": decision.sentence,
            "attempts": decision.attempts,
            "simulated": self.simulated,
        }

    def _refusal(self) -> BadInput | TooMany:
        """Nobody could answer: stored, and told with a reason for each."""
        now, decision = clock.now(), self.decision
        found = list_candidates(
            self.gateway.current_accounts(simulated=self.simulated), self.query, decision.priority, now
        )
        decision.explain(found)
        with transaction(self.gateway.services.engine) as connection:
            record_decision(connection, decision, None, "refused")
        asked = [each for each in decision.attempts if each["outcome"] != "bad_request"]
        if self.refused_query and not asked:
            return BadInput.field("params", msg=f"refused by {'; '.join(self.refused_query)}")
        return refusal(decision, now)


def refusal(decision: Decision, now: datetime) -> TooMany:
    """429 with a reason for each provider, and how long to wait for the first that comes back."""
    reasons: list[FieldError] = [
        {"loc": [each.provider], "msg": decision.tried.get(each.provider) or each.refused or "the time was up"}
        for each in decision.candidates
    ]
    waits = [each.until - now for each in decision.candidates if each.until]
    waits += [_SHORT_WAIT for each in decision.candidates if each.refused is None]
    wait = max(min(waits, default=_LONG_WAIT), timedelta(seconds=1))
    return TooMany(decision.sentence, errors=reasons, retry_after=wait.total_seconds())


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return (
        f"{minutes // 1440} days" if minutes >= 2880 else f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"
    )
