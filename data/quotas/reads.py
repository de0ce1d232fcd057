"""Quotas as rows for programs and pages: what is left, what was decided, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from data.quotas.choices import Purse


def shown(real: Purse, simulated: Purse) -> Purse:
    """Which purse of a provider people see: the real one, unless only the simulation has ever used it."""
    if real.has_key or real.used or real.measured_at:
        return real
    return simulated if simulated.used or simulated.measured_at else real


def standing(purse: Purse, now: datetime) -> dict[str, Any]:
    """A provider with its purse, for programs: the record, and how it stands."""
    own = purse.provider
    state, reason, until = purse.condition(now)
    ration = purse.ration(now)
    return own.model_dump(exclude={"cost", "state"}) | {
        "cost": own.cost.model_dump(),
        "configured": own.state,
        "state": state,
        "state_reason": reason,
        "until": until,
        "drill_until": own.drill_until if own.drill_until and own.drill_until > now else None,
        "has_key": purse.has_key,
        "simulated": purse.simulated,
        "window_start": purse.window_start,
        "resets_at": purse.window_end,
        "used": purse.used,
        "reserved": purse.reserved,
        "unmetered": purse.unmetered,
        "remaining": purse.remaining,
        "used_today": purse.used_today if purse.day == now.date() else 0,
        "ration": None if ration is None else round(ration, 2),
        "success": round(purse.health(now), 4),
        "latency_ms": None if purse.latency_ms is None else round(purse.latency_ms, 1),
    }


def decisions(connection: Connection, *, limit: int, after: tuple[datetime, str] | None) -> list[dict[str, Any]]:
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


def state_changes(connection: Connection, *, limit: int) -> list[dict[str, Any]]:
    """What stopped and what came back, the newest first."""
    rows = connection.execute(
        text("""select at, provider, simulated, was, state, reason, until from api_state_changes
                order by at desc limit :limit"""),
        {"limit": limit},
    )
    return [dict(row) for row in rows.mappings()]
