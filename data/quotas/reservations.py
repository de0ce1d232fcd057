"""Credits in flight: reserved before a call, settled after it. Whoever dies in between, a credit is in exactly one
place: left, reserved with a lease, or used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.quotas.choices import KEPT_BACK, measured
from data.quotas.purses import Marks, locked, purse_of, set_state
from data.quotas.queries import RANK
from data.quotas.verdicts import Change, change, is_sick

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

    from sqlalchemy import Connection

    from data.quotas.choices import Candidate, Purse
    from data.quotas.queries import Priority
    from data.quotas.verdicts import Finding

LEASE = timedelta(seconds=20)  # beyond the provider's time-out


@dataclass(frozen=True, slots=True)
class Reservation:
    id: UUID
    purse: Purse
    cost: Decimal


def reserve(
    connection: Connection, purse: Purse, candidate: Candidate, decision: UUID, query_type: str, priority: Priority
) -> Reservation | None:
    """Take the cost out of the purse, in one statement that checks everything again; None where it does not allow it.

    The row is locked for as long as this statement's transaction: 200 at once spend what is there, and no more.
    """
    share = 1 if RANK[priority] >= RANK["high"] else 1 - KEPT_BACK
    found = connection.execute(
        text("""
        with taken as (
          update api_quota_state s set reserved = s.reserved + :cost, in_flight = s.in_flight + 1,
            next_at = case when p.per_second is null then s.next_at
                           else clock_timestamp() + make_interval(secs => 1 / p.per_second) end
          from api_providers p
          where s.provider = :provider and s.simulated = :simulated and p.provider = s.provider
            and (p.quota is null or s.used + s.reserved + s.unmetered + :cost <= p.quota * :share)
            and s.in_flight < p.concurrency and (p.per_second is null or s.next_at <= clock_timestamp())
            and (s.window_end is null or s.window_end > clock_timestamp())
            and (s.state = 'active' or s.until <= clock_timestamp())
            and (p.drill_until is null or p.drill_until <= clock_timestamp()) and p.state <> 'disabled'
          returning s.window_start)
        insert into api_reservations (reservation_id, provider, simulated, decision_id, query_type, priority, credits,
          window_start, lease_expires_at)
        select gen_random_uuid(), :provider, :simulated, :decision, :query_type, :priority, :cost, window_start,
          clock_timestamp() + :lease from taken returning reservation_id"""),
        {
            "provider": candidate.provider,
            "simulated": purse.simulated,
            "cost": candidate.cost,
            "share": share,
            "decision": decision,
            "query_type": query_type,
            "priority": priority,
            "lease": timedelta(seconds=purse.provider.timeout_s) + LEASE,
        },
    ).scalar()
    return Reservation(found, purse, candidate.cost) if found else None


def settle(
    connection: Connection,
    reservation: Reservation,
    finding: Finding,
    credits: Decimal,  # noqa: A002 — the field's own word
    now: datetime,
    *,
    latency_ms: float,
    mark: str | None,
) -> Change | None:
    """Give back what was reserved, count what was spent, remember how it went; returns the state that follows.

    Where the lease has run out meanwhile, the reservation was given back already: only the spending is counted.
    """
    purse = reservation.purse
    who: dict[str, Any] = {"provider": purse.provider.provider, "simulated": purse.simulated}
    row = locked(connection, **who)
    gone = connection.execute(
        text("delete from api_reservations where reservation_id = :id returning credits"), {"id": reservation.id}
    ).scalar()
    failures = row.failures + 1 if is_sick(finding) else 0
    success, latency = measured(
        purse_of(row, purse.provider, Marks({}, standins=False)),
        now,
        succeeded=not is_sick(finding),
        latency_ms=latency_ms if finding.answered else None,
    )
    connection.execute(
        text("""update api_quota_state set reserved = greatest(reserved - :back, 0),
                  in_flight = greatest(in_flight - :landed, 0), used = used + :credits,
                  used_today = case when day = :today then used_today else 0 end + :credits, day = :today,
                  failures = :failures, success = :success, latency_ms = :latency, measured_at = :now
                where provider = :provider and simulated = :simulated"""),
        who
        | {
            "back": gone or 0,
            "landed": int(gone is not None),
            "credits": credits,
            "today": now.date(),
            "failures": failures,
            "success": success,
            "latency": latency,
            "now": now,
        },
    )
    then = change(finding, failures=failures, reset=row.window_end, now=now)
    if then:
        set_state(connection, who["provider"], then, simulated=purse.simulated, mark=mark)
    return then


def expire(connection: Connection) -> int:
    """Reservations whose lease ran out give their credits back; what their calls cost is not known, and said so.

    The purse is locked before its reservations, here as in `settle`: nobody waits in a circle.
    """
    connection.execute(
        text("""select from api_quota_state where (provider, simulated) in (
                  select provider, simulated from api_reservations where lease_expires_at <= clock_timestamp())
                order by provider, simulated for update""")
    )
    return connection.execute(
        text("""
        with gone as (
          delete from api_reservations where reservation_id = any(array(
            select reservation_id from api_reservations where lease_expires_at <= clock_timestamp()
            order by provider, simulated for update skip locked limit 1000)) returning *),
        back as (
          update api_quota_state s set reserved = greatest(s.reserved - g.credits, 0),
            in_flight = greatest(s.in_flight - g.n, 0)
          from (select provider, simulated, sum(credits) as credits, count(*)::int as n
                from gone group by provider, simulated) g
          where s.provider = g.provider and s.simulated = g.simulated),
        told as (
          update api_decisions d set outcome = 'refused',
            attempts = d.attempts || jsonb_build_array(jsonb_build_object(
              'provider', g.provider, 'outcome', 'abandoned', 'reason', 'the process that asked has died'))
          from gone g where d.decision_id = g.decision_id and d.outcome = 'calling')
        insert into api_usage (provider, at, query_type, outcome, priority, decision_id, simulated)
        select provider, clock_timestamp(), query_type, 'abandoned', priority, decision_id, simulated from gone""")
    ).rowcount
