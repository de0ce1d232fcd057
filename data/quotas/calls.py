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
from data.quotas import answers, purses
from data.quotas.choices import candidates
from data.quotas.ledger import Decision, Metered, note_call, note_decision
from data.quotas.line import NoReply
from data.quotas.queries import RANK
from data.quotas.reading import Heard, heard, silence
from data.quotas.reservations import reserve, settle
from data.quotas.verdicts import billed, must_ask_account, with_account

if TYPE_CHECKING:
    from datetime import datetime

    from data.errors import FieldError
    from data.permissions import Actor
    from data.quotas.answers import Kept
    from data.quotas.choices import Candidate, Purse
    from data.quotas.desk import Desk
    from data.quotas.queries import Priority, Query
    from data.quotas.reservations import Reservation

TOTAL_S = 25.0  # however many are asked
BUSY_S = 5.0  # how long a provider may be too busy before the query is refused
_LONG_WAIT = timedelta(hours=1)  # to tell where nobody knows how long
_SHORT_WAIT = timedelta(seconds=5)


def call(
    desk: Desk, actor: Actor, query: Query, priority: Priority, *, max_age: timedelta | None = None
) -> dict[str, Any]:
    """The answer to a query, from the cache or from the provider that fits best. `max_age`: of a cached answer.

    Raises TooMany with a reason for each provider where nobody can answer, BadInput where they refuse the query itself.
    """
    with desk.room():
        return _Call(desk, query, Decision(uuid.uuid4(), query.query_type, priority, actor), max_age).run()


@dataclass(slots=True)
class _Call:
    desk: Desk
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
        with transaction(self.desk.services.engine) as connection:
            kept = answers.look_up(connection, self.query, now, simulated=self.simulated)
        if kept and kept.fresh(now, self.max_age):
            return self._from_cache(kept, now)
        first = self._next()
        if kept and RANK[self.decision.priority] < RANK["high"] and (first is None or self._purse(first).scarce):
            return self._from_cache(kept, now)
        while (candidate := self._next()) is not None:
            reservation = self._reserve(candidate)
            if reservation is not None and (found := self._ask(reservation, candidate)) is not None:
                return found
        raise self._refusal()

    def _next(self) -> Candidate | None:
        """The best that was not asked yet; None when all were, or the time is up."""
        book = self.desk.purses(simulated=self.simulated)
        self.decision.explain(candidates(book, self.query, self.decision.priority, clock.now()))
        if time.monotonic() - self.begun >= TOTAL_S:
            return None
        left = (each for each in self.decision.found if each.refused is None)
        return next((each for each in left if each.provider not in self.decision.tried), None)

    def _purse(self, candidate: Candidate) -> Purse:
        book = self.desk.purses(simulated=self.simulated)
        return next(each for each in book if each.provider.provider == candidate.provider)

    def _reserve(self, candidate: Candidate) -> Reservation | None:
        """What the call costs, taken out of the purse. None: it was spent by others meanwhile, or is too busy; then
        the next look at the purses says which."""
        wait, decision = 0.02, self.decision
        while True:
            with transaction(self.desk.services.engine) as connection:
                found = reserve(
                    connection, self._purse(candidate), candidate, decision.id, decision.query_type, decision.priority
                )
                if found is not None:
                    note_decision(connection, decision, candidate.provider, "calling")
                    return found
            self.desk.purses(simulated=self.simulated, fresh=True)
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
            for each in self.decision.found
            if each.provider != candidate.provider
        )

    def _ask(self, reservation: Reservation, candidate: Candidate) -> dict[str, Any] | None:
        purse, begun = reservation.purse, time.monotonic()
        found = self._heard(purse, min(purse.provider.timeout_s, TOTAL_S - (begun - self.begun)))
        latency_ms = (time.monotonic() - begun) * 1000
        if must_ask_account(found.finding):
            account = self.desk.ask_account(purse)
            found = Heard(with_account(found.finding, account), told=account)
        return self._settle(reservation, candidate, found, latency_ms)

    def _heard(self, purse: Purse, seconds: float) -> Heard:
        client, base, key = self.desk.way(purse.provider.provider, simulated=purse.simulated)
        try:
            reply = self.desk.line.ask(base, client.request(self.query, key), seconds=max(seconds, 0.1))
        except NoReply as error:
            return silence(error)
        return heard(client, self.query, reply, key, clock.now())

    def _settle(
        self, reservation: Reservation, candidate: Candidate, found: Heard, latency_ms: float
    ) -> dict[str, Any] | None:
        """Everything that follows from an answer, in one transaction."""
        now, decision, finding = clock.now(), self.decision, found.finding
        provider, purse = candidate.provider, reservation.purse
        spent = billed(purse.provider, finding, reservation.cost)
        decision.credits += spent
        self._note_attempt(candidate, found, latency_ms)
        mark = self.desk.marks.of(provider, simulated=self.simulated)
        with transaction(self.desk.services.engine) as connection:
            settle(connection, reservation, finding, spent, now, latency_ms=latency_ms, mark=mark)
            if found.told:
                purses.note_account(connection, purse.provider, found.told, now, simulated=self.simulated)
            note_call(connection, decision, provider, Metered(finding.outcome, spent, latency_ms, finding.status), now)
            if finding.answered:
                kept = (self.query, purse.provider, found.answer, spent, now)
                answers.keep(connection, *kept, simulated=self.simulated)
            note_decision(connection, decision, provider, "answered" if finding.answered else "calling")
        if not finding.answered:
            self.desk.purses(simulated=self.simulated, fresh=True)
            return None
        return self._answer(provider, found.answer, now)

    def _note_attempt(self, candidate: Candidate, found: Heard, latency_ms: float) -> None:
        finding = found.finding
        if finding.outcome == "bad_request":
            self.refused_query.append(f"{candidate.title}: {finding.words}")
        if not finding.answered:
            self.decision.tried[candidate.provider] = f"{finding.outcome.replace('_', ' ')}: {finding.words}"
        self.decision.attempts.append(
            {
                "provider": candidate.provider,
                "outcome": finding.outcome,
                "reason": finding.words,
                "status_code": finding.status,
                "latency_ms": round(latency_ms, 1),
            }
        )

    def _from_cache(self, kept: Kept, now: datetime) -> dict[str, Any]:
        decision, age = self.decision, now - kept.last_fetched_at
        found = candidates(self.desk.purses(simulated=self.simulated), self.query, decision.priority, now)
        decision.explain(found)
        fresh = "fresh" if kept.expires_at > now else "stale, but nobody can be spared for it"
        decision.words = (
            f"The cache answers this {self.query.query_type}: {kept.provider} was asked {_age(age)} ago, {fresh};"
            f" {kept.credits.normalize():f} saved."
        )
        with transaction(self.desk.services.engine) as connection:
            answers.count_hit(connection, self.query, kept, simulated=self.simulated)
            note_call(connection, decision, kept.provider, Metered("cached", saved=kept.credits), now)
            note_decision(connection, decision, kept.provider, "cached")
        return self._answer(kept.provider, kept.answer, kept.last_fetched_at, kept=kept)

    def _answer(
        self, provider: str, answer: dict[str, Any] | None, fetched: datetime, *, kept: Kept | None = None
    ) -> dict[str, Any]:
        decision = self.decision
        return {
            "decision_id": str(decision.id),
            "provider": provider,
            "query_type": self.query.query_type,
            "priority": decision.priority,
            "found": answer is not None,
            "answer": answer,
            "cached": kept is not None,
            "stale": kept is not None and kept.expires_at <= clock.now(),
            "last_fetched_at": fetched,
            "credits": float(decision.credits),
            "saved": float(kept.credits) if kept else 0.0,
            "reason": decision.words,
            "attempts": decision.attempts,
            "simulated": self.simulated,
        }

    def _refusal(self) -> BadInput | TooMany:
        """Nobody could answer: stored, and told with a reason for each."""
        now, decision = clock.now(), self.decision
        found = candidates(self.desk.purses(simulated=self.simulated), self.query, decision.priority, now)
        decision.explain(found)
        with transaction(self.desk.services.engine) as connection:
            note_decision(connection, decision, None, "refused")
        asked = [each for each in decision.attempts if each["outcome"] != "bad_request"]
        if self.refused_query and not asked:
            return BadInput.field("params", msg=f"refused by {'; '.join(self.refused_query)}")
        return refusal(decision, now)


def refusal(decision: Decision, now: datetime) -> TooMany:
    """429 with a reason for each provider, and how long to wait for the first that comes back."""
    reasons: list[FieldError] = [
        {"loc": [each.provider], "msg": decision.tried.get(each.provider) or each.refused or "the time was up"}
        for each in decision.found
    ]
    waits = [each.until - now for each in decision.found if each.until]
    waits += [_SHORT_WAIT for each in decision.found if each.refused is None]
    wait = max(min(waits, default=_LONG_WAIT), timedelta(seconds=1))
    return TooMany(decision.words, errors=reasons, retry_after=wait.total_seconds())


def _age(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    return (
        f"{minutes // 1440} days" if minutes >= 2880 else f"{minutes // 60} h" if minutes >= 120 else f"{minutes} min"
    )
