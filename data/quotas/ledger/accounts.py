"""The accounts in PostgreSQL: read, brought into their window and state, and what their providers report."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.access.writes import audit
from data.permissions import SYSTEM
from data.quotas.catalogue import records
from data.quotas.catalogue.windows import anchor_of, window_at
from data.quotas.ledger.account import Account
from data.quotas.providers.outcomes import StateChange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from data.quotas.catalogue.records import Provider
    from data.quotas.providers.outcomes import ReportedUsage
log = logging.getLogger(__name__)

# All but next_at, which begins at -infinity: no datetime is that old.
_COLUMNS = """provider, simulated, window_start, window_end, reset_anchor, used, reserved, unmetered, in_flight, day,
  used_today, reported_used, reported_limit, remaining_reported, reported_at, state, state_reason, until, changed_at,
  key_mark, failures, success, latency_ms, measured_at"""
_LONG_AGO = datetime(1999, 1, 1, tzinfo=UTC)  # the window of an account that was never used


@dataclass(frozen=True, slots=True)
class KeyFingerprints:
    """Of the keys that are set: a digest each, by provider, to tell a new key from one that was refused."""

    real: Mapping[str, str]
    standins: bool

    def of(self, provider: str, *, simulated: bool) -> str | None:
        if simulated:
            return "simulated" if self.standins else None
        return self.real.get(provider)


def list_accounts(
    connection: Connection, fingerprints: KeyFingerprints, now: datetime, *, simulated: bool
) -> list[Account]:
    """One account of every provider, as it stands now. One that is missing, or whose window or state has ended, is as
    `bring_up_to_date` would leave it; nothing is written."""
    rows = _rows(connection, simulated=simulated)
    found = []
    for each in records.list_providers(connection):
        row = rows.get(each.provider)
        stale = _is_stale(row, each, fingerprints, now, simulated=simulated)
        account = account_from_row(row, each, fingerprints) if row else _unused(each, fingerprints, simulated=simulated)
        found.append(_as_of(connection, account, row, fingerprints, now) if stale else account)
    return found


def roll_over(connection: Connection, fingerprints: KeyFingerprints, now: datetime, *, simulated: bool) -> None:
    """Make the accounts that are missing, roll over those whose window has ended, lift a state whose time is up: before
    a call is made, and by the worker."""
    records.save_missing_providers(connection)
    rows = _rows(connection, simulated=simulated)
    for each in records.list_providers(connection):
        if _is_stale(rows.get(each.provider), each, fingerprints, now, simulated=simulated):
            _bring_up(connection, each, fingerprints.of(each.provider, simulated=simulated), now, simulated=simulated)


def _unused(each: Provider, fingerprints: KeyFingerprints, *, simulated: bool) -> Account:
    has_key = fingerprints.of(each.provider, simulated=simulated) is not None
    return Account(provider=each, simulated=simulated, has_key=has_key, window_start=_LONG_AGO, window_end=None)


def _as_of(
    connection: Connection, account: Account, row: Row[Any] | None, fingerprints: KeyFingerprints, now: datetime
) -> Account:
    """The account in the window of `now`, and in the state that follows."""
    each = account.provider
    start, end = window_at(each, now, account.reset_anchor or account.window_end)
    if (account.window_start, account.window_end) != (start, end):
        over = account.window_end is not None and account.window_end <= now
        spent = connection.execute(text(f"select {_SPENT}"), _spent_values(account, start, now)).one()
        until = now if over and account.state == "exhausted" else account.until
        account = replace(
            account, window_start=start, window_end=end, used=spent.used, unmetered=Decimal(0), until=until
        )
        account = replace(account, used_today=spent.used_today, day=now.date())
    fingerprint = fingerprints.of(each.provider, simulated=account.simulated)
    if (
        row is not None
        and row.state != "active"
        and _has_ended(row.state, account.until, row.key_mark, fingerprint, now)
    ):
        account = replace(account, state="active", reason=None, until=None)
    return account


_SPENT = """
  (select coalesce(sum(credits), 0) from api_usage
   where provider = :provider and simulated = :simulated and at >= :start) as used,
  (select coalesce(sum(credits), 0) from api_usage
   where provider = :provider and simulated = :simulated and at >= :today) as used_today"""


def _spent_values(account: Account, start: datetime, now: datetime) -> dict[str, Any]:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {"provider": account.provider.provider, "simulated": account.simulated, "start": start, "today": today}


def _rows(connection: Connection, *, simulated: bool) -> dict[str, Row[Any]]:
    found = connection.execute(text(f"select {_COLUMNS} from api_quota_state where simulated = :s"), {"s": simulated})
    return {row.provider: row for row in found}


def _is_stale(
    row: Row[Any] | None, each: Provider, fingerprints: KeyFingerprints, now: datetime, *, simulated: bool
) -> bool:
    if row is None or (row.window_end and row.window_end <= now):
        return True
    if (row.window_start, row.window_end) != window_at(each, now, row.reset_anchor or row.window_end):
        return True
    fingerprint = fingerprints.of(each.provider, simulated=simulated)
    return row.state != "active" and _has_ended(row.state, row.until, row.key_mark, fingerprint, now)


def _has_ended(
    state: str, until: datetime | None, key_mark: str | None, fingerprint: str | None, now: datetime
) -> bool:
    if state == "disabled":
        return fingerprint is not None and key_mark != fingerprint
    return until is not None and until <= now


def _bring_up(
    connection: Connection, each: Provider, fingerprint: str | None, now: datetime, *, simulated: bool
) -> None:
    who: dict[str, Any] = {"provider": each.provider, "simulated": simulated}
    connection.execute(
        text("""insert into api_quota_state (provider, simulated, window_start, window_end, day)
                values (:provider, :simulated, :long_ago, null, :day) on conflict do nothing"""),
        who | {"day": now.date(), "long_ago": _LONG_AGO},
    )
    row = lock_account(connection, **who)
    start, end = window_at(each, now, row.reset_anchor or row.window_end)
    if (row.window_start, row.window_end) != (start, end):
        connection.execute(
            text("""update api_quota_state set window_start = :start, window_end = :end, unmetered = 0,
                      used = (select coalesce(sum(credits), 0) from api_usage
                              where provider = :provider and simulated = :simulated and at >= :start),
                      used_today = (select coalesce(sum(credits), 0) from api_usage
                                    where provider = :provider and simulated = :simulated and at >= :today),
                      day = (cast(:today as timestamptz) at time zone 'UTC')::date,
                      until = case when state = 'exhausted' and :over then cast(:now as timestamptz) else until end
                    where provider = :provider and simulated = :simulated"""),
            who
            | {
                "start": start,
                "end": end,
                "now": now,
                "over": row.window_end is not None and row.window_end <= now,
                "today": now.replace(hour=0, minute=0, second=0, microsecond=0),
            },
        )
        row = lock_account(connection, **who)
    if row.state != "active" and _has_ended(row.state, row.until, row.key_mark, fingerprint, now):
        save_state(connection, each.provider, StateChange("active", "its time was up"), simulated=simulated)


def lock_account(connection: Connection, *, provider: str, simulated: bool) -> Row[Any]:
    return connection.execute(
        text(
            f"select {_COLUMNS} from api_quota_state where provider = :provider and simulated = :simulated for update"
        ),
        {"provider": provider, "simulated": simulated},
    ).one()


def account_from_row(row: Row[Any], each: Provider, fingerprints: KeyFingerprints) -> Account:
    return Account(
        provider=each,
        simulated=row.simulated,
        has_key=fingerprints.of(each.provider, simulated=row.simulated) is not None,
        window_start=row.window_start,
        window_end=row.window_end,
        reset_anchor=row.reset_anchor,
        used=row.used,
        reserved=row.reserved,
        unmetered=row.unmetered,
        in_flight=row.in_flight,
        day=row.day,
        used_today=row.used_today,
        state=row.state,
        reason=row.state_reason,
        until=row.until,
        success=row.success,
        latency_ms=row.latency_ms,
        measured_at=row.measured_at,
    )


def save_state(
    connection: Connection, provider: str, then: StateChange, *, simulated: bool, key_fingerprint: str | None = None
) -> None:
    """Another state, on record. A cooldown never shortens an exhaustion, and nothing but a new key lifts a refusal."""
    was = lock_account(connection, provider=provider, simulated=simulated)
    if then.state == "cooldown" and was.state in ("exhausted", "disabled"):
        return
    if (was.state, was.until) == (then.state, then.until):
        return
    values = {"provider": provider, "simulated": simulated, "state": then.state, "reason": then.reason[:500]}
    connection.execute(
        text("""update api_quota_state set state = :state, until = :until, changed_at = clock_timestamp(),
                  state_reason = case when :state = 'active' then null else :reason end,
                  failures = case when :state = 'active' then 0 else failures end,
                  key_mark = case when :state = 'disabled' then cast(:mark as text) end
                where provider = :provider and simulated = :simulated"""),
        values | {"until": then.until, "mark": key_fingerprint},
    )
    if then.state == "disabled":
        log.error("%s is disabled: %s", provider, then.reason)
        detail = {"reason": then.reason, "simulated": simulated}
        audit(connection, SYSTEM, "provider.disabled", ("provider", provider), detail=detail)
    connection.execute(
        text("""insert into api_state_changes (provider, simulated, was, state, reason, until)
                values (:provider, :simulated, :was, :state, :reason, :until)"""),
        values | {"was": was.state, "until": then.until},
    )


def record_reported_usage(
    connection: Connection, provider: Provider, usage: ReportedUsage, now: datetime, *, simulated: bool
) -> None:
    """Keep what the provider reports. What it counts beyond our ledger is unmetered, and no longer ours to spend."""
    row = lock_account(connection, provider=provider.provider, simulated=simulated)
    remaining = usage.remaining
    used = usage.used
    if used is None and remaining is not None and (limit := usage.limit or provider.quota) is not None:
        used = limit - remaining
    counted = [used] if used is not None else []
    if remaining is not None and provider.quota is not None:
        counted.append(provider.quota - remaining)
    unmetered = max(max(counted) - row.used - row.reserved, 0) if counted else row.unmetered
    named_reset = usage.resets_at if provider.reset == "unix" and usage.resets_at and usage.resets_at > now else None
    connection.execute(
        text("""update api_quota_state set reported_used = :used, reported_limit = :limit,
                  remaining_reported = :remaining, reported_at = :now, unmetered = :unmetered,
                  window_end = coalesce(:told, window_end), reset_anchor = coalesce(:anchor, reset_anchor)
                where provider = :provider and simulated = :simulated"""),
        {
            "provider": provider.provider,
            "simulated": simulated,
            "used": used,
            "limit": usage.limit,
            "remaining": remaining,
            "now": now,
            "unmetered": unmetered,
            "told": named_reset,
            "anchor": named_reset and anchor_of(named_reset, row.reset_anchor),
        },
    )
