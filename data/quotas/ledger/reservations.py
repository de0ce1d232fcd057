"""Credits in flight: reserved before a call, settled after it. Whoever dies in between, a credit is in exactly one
place: left, reserved with a lease, or used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.quotas.ledger.accounts import KeyFingerprints, account_from_row, lock_account, save_state
from data.quotas.providers.outcomes import StateChange, counts_against_health, next_state
from data.quotas.routing.queries import PRIORITY_RANK
from data.quotas.routing.rules import KEPT_BACK, updated_health

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

    from sqlalchemy import Connection

    from data.quotas.ledger.account import Account
    from data.quotas.providers.outcomes import CallResult
    from data.quotas.routing.queries import Priority
    from data.quotas.routing.rules import Candidate

LEASE = timedelta(seconds=20)  # beyond the provider's time-out


@dataclass(frozen=True, slots=True)
class Reservation:
    id: UUID
    account: Account
    cost: Decimal


def reserve(
    connection: Connection, account: Account, candidate: Candidate, decision: UUID, query_type: str, priority: Priority
) -> Reservation | None:
    """Take the cost out of the account, in one statement that checks everything again; None where it does not allow it.

    The row is locked for as long as this statement's transaction: 200 at once spend what is there, and no more.
    """
    share = 1 if PRIORITY_RANK[priority] >= PRIORITY_RANK["high"] else 1 - KEPT_BACK
    reservation_id = connection.execute(
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
            "simulated": account.simulated,
            "cost": candidate.cost,
            "share": share,
            "decision": decision,
            "query_type": query_type,
            "priority": priority,
            "lease": timedelta(seconds=account.provider.timeout_s) + LEASE,
        },
    ).scalar()
    return Reservation(reservation_id, account, candidate.cost) if reservation_id else None


def settle(
    connection: Connection,
    reservation: Reservation,
    result: CallResult,
    credits: Decimal,  # noqa: A002 — the field's own word
    now: datetime,
    *,
    latency_ms: float,
    key_fingerprint: str | None,
) -> StateChange | None:
    """Give back what was reserved, count what was spent, remember how it went; returns the state that follows.

    Where the lease has run out meanwhile, the reservation was given back already: only the spending is counted.
    """
    account = reservation.account
    key: dict[str, Any] = {"provider": account.provider.provider, "simulated": account.simulated}
    row = lock_account(connection, **key)
    gone = connection.execute(
        text("delete from api_reservations where reservation_id = :id returning credits"), {"id": reservation.id}
    ).scalar()
    failures = row.failures + 1 if counts_against_health(result) else 0
    success, latency = updated_health(
        account_from_row(row, account.provider, KeyFingerprints({}, standins=False)),
        now,
        succeeded=not counts_against_health(result),
        latency_ms=latency_ms if result.answered else None,
    )
    connection.execute(
        text("""update api_quota_state set reserved = greatest(reserved - :back, 0),
                  in_flight = greatest(in_flight - :landed, 0), used = used + :credits,
                  used_today = case when day = :today then used_today else 0 end + :credits, day = :today,
                  failures = :failures, success = :success, latency_ms = :latency, measured_at = :now
                where provider = :provider and simulated = :simulated"""),
        key
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
    change = next_state(result, failures=failures, reset=row.window_end, now=now)
    if change:
        save_state(connection, key["provider"], change, simulated=account.simulated, key_fingerprint=key_fingerprint)
    return change


def release_expired(connection: Connection) -> int:
    """Reservations whose lease ran out give their credits back; what their calls cost is not known, and said so.

    The account is locked before its reservations, here as in `settle`: nobody waits in a circle.
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
