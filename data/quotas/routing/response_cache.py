"""Answers by query: what was paid for once is not paid for again while it is fresh."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import Connection

    from data.quotas.catalogue.records import Provider
    from data.quotas.routing.queries import Query


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """An answer that is there. `answer` None: the provider knew of nothing."""

    provider: str
    answer: dict[str, Any] | None
    credits: Decimal
    last_fetched_at: datetime
    expires_at: datetime

    def is_fresh(self, now: datetime, max_age: timedelta | None) -> bool:
        return self.expires_at > now and (max_age is None or now - self.last_fetched_at <= max_age)


def get_response(connection: Connection, query: Query, now: datetime, *, simulated: bool) -> CachedResponse | None:
    """The newest answer to this query, which may be stale."""
    row = connection.execute(
        text("""select provider, answer, credits, last_fetched_at, expires_at from api_cache
                where query_hash = cast(:hash as uuid) and simulated = :simulated and kept_until > :now"""),
        {"hash": query.digest, "simulated": simulated, "now": now},
    ).first()
    return CachedResponse(**row._mapping) if row else None  # noqa: SLF001 — SQLAlchemy's public name for it


def record_hit(connection: Connection, query: Query, kept: CachedResponse, *, simulated: bool) -> None:
    connection.execute(
        text("""update api_cache set hits = hits + 1, saved = saved + :saved
                where query_hash = cast(:hash as uuid) and simulated = :simulated"""),
        {"hash": query.digest, "simulated": simulated, "saved": kept.credits},
    )


def save_response(
    connection: Connection,
    query: Query,
    provider: Provider,
    answer: dict[str, Any] | None,
    cost: Decimal,
    now: datetime,
    *,
    simulated: bool,
) -> None:
    """Keep an answer for as long as its provider's record says, and as long again as stale."""
    life = timedelta(seconds=provider.cache_seconds)
    if not life:
        return
    connection.execute(
        text("""
        insert into api_cache (query_hash, simulated, query_type, params, provider, answer, credits, last_fetched_at,
          expires_at, kept_until)
        values (cast(:hash as uuid), :simulated, :query_type, cast(:params as jsonb), :provider,
          cast(:answer as jsonb), :credits, :now, :expires, :kept)
        on conflict (query_hash, simulated) do update set provider = excluded.provider, answer = excluded.answer,
          credits = excluded.credits, last_fetched_at = excluded.last_fetched_at, expires_at = excluded.expires_at,
          kept_until = excluded.kept_until"""),
        {
            "hash": query.digest,
            "simulated": simulated,
            "query_type": query.query_type,
            "params": orjson.dumps(query.params).decode(),
            "provider": provider.provider,
            "answer": None if answer is None else orjson.dumps(answer).decode(),
            "credits": cost,
            "now": now,
            "expires": now + life,
            "kept": now + 2 * life,
        },
    )
