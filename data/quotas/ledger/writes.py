"""What is written down: one row a metered call, one row a decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from data.quotas.routing.rules import explain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from sqlalchemy import Connection

    from data.permissions import Actor
    from data.quotas.catalogue.records import QueryType
    from data.quotas.routing.queries import Priority
    from data.quotas.routing.rules import Candidate


@dataclass(frozen=True, slots=True)
class CallRecord:
    """What one call came to; one that the cache answered has `saved` instead of `spent`."""

    outcome: str
    spent: Decimal = Decimal(0)
    latency_ms: float | None = None
    status: int | None = None
    saved: Decimal = Decimal(0)


@dataclass(slots=True)
class Decision:
    """One query on its way: who could take it, who was asked. `tried` is {provider: what came of it}, in words."""

    id: UUID
    query_type: QueryType
    priority: Priority
    actor: Actor
    candidates: Sequence[Candidate] = ()
    tried: dict[str, str] = field(default_factory=dict)
    attempts: list[dict[str, Any]] = field(default_factory=list)
    credits: Decimal = Decimal(0)
    sentence: str = ""

    def explain(self, candidates: Sequence[Candidate]) -> None:
        """Take the candidates as they are now, and say in a sentence who takes it."""
        self.candidates = candidates
        self.sentence = explain(self.query_type, self.priority, candidates, self.tried)


def record_decision(connection: Connection, decision: Decision, provider: str | None, outcome: str) -> None:
    """Store a decision, or bring it up to date."""
    connection.execute(
        text("""
        insert into api_decisions (decision_id, query_type, priority, provider, outcome, sentence, candidates, attempts,
          credits, asked_by, simulated)
        values (:id, :query_type, :priority, :provider, :outcome, :sentence, cast(:candidates as jsonb),
          cast(:attempts as jsonb), :credits, :by, :simulated)
        on conflict (decision_id) do update set provider = excluded.provider, outcome = excluded.outcome,
          sentence = excluded.sentence, candidates = excluded.candidates, attempts = excluded.attempts,
          credits = excluded.credits"""),
        {
            "id": decision.id,
            "query_type": decision.query_type,
            "priority": decision.priority,
            "provider": provider,
            "outcome": outcome,
            "sentence": decision.sentence,
            "candidates": orjson.dumps([each.to_dict() for each in decision.candidates]).decode(),
            "attempts": orjson.dumps(decision.attempts).decode(),
            "credits": decision.credits,
            "by": decision.actor.name,
            "simulated": decision.actor.simulated,
        },
    )


def record_call(
    connection: Connection,
    decision: Decision,
    provider: str,
    metered: CallRecord,
    now: datetime,
) -> None:
    """One metered call."""
    connection.execute(
        text("""
        insert into api_usage (provider, at, query_type, credits, saved, latency_ms, outcome, status_code, cached,
          priority, decision_id, simulated, last_fetched_at)
        values (:provider, :at, :query_type, :credits, :saved, :latency, :outcome, :status, :cached, :priority,
          :decision, :simulated, :at)"""),
        {
            "provider": provider,
            "at": now,
            "query_type": decision.query_type,
            "credits": metered.spent,
            "saved": metered.saved,
            "latency": metered.latency_ms,
            "outcome": metered.outcome,
            "status": metered.status,
            "cached": metered.outcome == "cached",
            "priority": decision.priority,
            "decision": decision.id,
            "simulated": decision.actor.simulated,
        },
    )
