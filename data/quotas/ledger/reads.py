"""Quotas as rows for programs and pages: what is left, what was decided, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.quotas.ledger.account import Account


def shown_account(real: Account, simulated: Account) -> Account:
    """Which account of a provider people see: the real one, unless only the simulation has ever used it."""
    if real.has_key or real.used or real.measured_at:
        return real
    return simulated if simulated.used or simulated.measured_at else real


def status_of(account: Account, now: datetime) -> dict[str, Any]:
    """A provider with its account, for programs: the record, and how it stands."""
    own = account.provider
    state, reason, until = account.condition(now)
    ration = account.ration(now)
    return own.model_dump(exclude={"cost", "state"}) | {
        "cost": own.cost.model_dump(),
        "configured": own.state,
        "state": state,
        "state_reason": reason,
        "until": until,
        "drill_until": own.drill_until if own.drill_until and own.drill_until > now else None,
        "has_key": account.has_key,
        "simulated": account.simulated,
        "window_start": account.window_start,
        "resets_at": account.window_end,
        "used": account.used,
        "reserved": account.reserved,
        "unmetered": account.unmetered,
        "remaining": account.remaining,
        "used_today": account.used_today if account.day == now.date() else 0,
        "ration": None if ration is None else round(ration, 2),
        "success": round(account.health(now), 4),
        "latency_ms": None if account.latency_ms is None else round(account.latency_ms, 1),
    }


def list_decisions(connection: Connection, *, limit: int, after: tuple[datetime, str] | None) -> list[dict[str, Any]]:
    """The routing log, the newest first; `after` is (at, decision_id) of the last row of the page before."""
    rows = connection.execute(
        text("""
        select decision_id::text, at, query_type, priority, provider, outcome, sentence, candidates, attempts, credits,
               asked_by, simulated
        from api_decisions
        where cast(:at as timestamptz) is null or (at, decision_id) < (:at, cast(:id as uuid))
        order by at desc, decision_id desc limit :limit"""),
        {"limit": limit, "at": after[0] if after else None, "id": after[1] if after else None},
    )
    return [dict(row) for row in rows.mappings()]
