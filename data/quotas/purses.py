"""The purses in PostgreSQL: read, brought into their window and state, told what their providers report."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.access.writes import audit
from data.permissions import SYSTEM
from data.quotas import catalogue
from data.quotas.choices import Purse
from data.quotas.verdicts import Change
from data.quotas.windows import anchor_of, window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Row

    from data.quotas.catalogue import Provider
    from data.quotas.verdicts import Account
log = logging.getLogger(__name__)

# All but next_at, which begins at -infinity: no datetime is that old.
_COLUMNS = """provider, simulated, window_start, window_end, reset_anchor, used, reserved, unmetered, in_flight, day,
  used_today, reported_used, reported_limit, remaining_reported, reported_at, state, state_reason, until, changed_at,
  key_mark, failures, success, latency_ms, measured_at"""
_LONG_AGO = datetime(1999, 1, 1, tzinfo=UTC)  # the window of a purse that was never used


@dataclass(frozen=True, slots=True)
class Marks:
    """Of the keys that are set: a digest each, by provider, to tell a new key from one that was refused."""

    real: Mapping[str, str]
    standins: bool

    def of(self, provider: str, *, simulated: bool) -> str | None:
        if simulated:
            return "simulated" if self.standins else None
        return self.real.get(provider)


def load(connection: Connection, marks: Marks, now: datetime, *, simulated: bool) -> list[Purse]:
    """One purse of every provider, as it stands now. One that is missing, or whose window or state has ended, is as
    `bring_up_to_date` would leave it; nothing is written."""
    rows = _rows(connection, simulated=simulated)
    found = []
    for each in catalogue.load(connection):
        row = rows.get(each.provider)
        stale = _is_stale(row, each, marks, now, simulated=simulated)
        purse = purse_of(row, each, marks) if row else _unused(each, marks, simulated=simulated)
        found.append(_as_of(connection, purse, row, marks, now) if stale else purse)
    return found


def bring_up_to_date(connection: Connection, marks: Marks, now: datetime, *, simulated: bool) -> None:
    """Make the purses that are missing, roll over those whose window has ended, lift a state whose time is up: before
    a call is made, and by the worker."""
    catalogue.store_missing(connection)
    rows = _rows(connection, simulated=simulated)
    for each in catalogue.load(connection):
        if _is_stale(rows.get(each.provider), each, marks, now, simulated=simulated):
            _bring_up(connection, each, marks.of(each.provider, simulated=simulated), now, simulated=simulated)


def _unused(each: Provider, marks: Marks, *, simulated: bool) -> Purse:
    has_key = marks.of(each.provider, simulated=simulated) is not None
    return Purse(provider=each, simulated=simulated, has_key=has_key, window_start=_LONG_AGO, window_end=None)


def _as_of(connection: Connection, purse: Purse, row: Row[Any] | None, marks: Marks, now: datetime) -> Purse:
    """The purse in the window of `now`, and in the state that follows."""
    each = purse.provider
    start, end = window(each, now, purse.reset_anchor or purse.window_end)
    if (purse.window_start, purse.window_end) != (start, end):
        over = purse.window_end is not None and purse.window_end <= now
        spent = connection.execute(text(f"select {_SPENT}"), _spent_values(purse, start, now)).one()
        until = now if over and purse.state == "exhausted" else purse.until
        purse = replace(purse, window_start=start, window_end=end, used=spent.used, unmetered=Decimal(0), until=until)
        purse = replace(purse, used_today=spent.used_today, day=now.date())
    mark = marks.of(each.provider, simulated=purse.simulated)
    if row is not None and row.state != "active" and _has_ended(row.state, purse.until, row.key_mark, mark, now):
        purse = replace(purse, state="active", reason=None, until=None)
    return purse


_SPENT = """
  (select coalesce(sum(credits), 0) from api_usage
   where provider = :provider and simulated = :simulated and at >= :start) as used,
  (select coalesce(sum(credits), 0) from api_usage
   where provider = :provider and simulated = :simulated and at >= :today) as used_today"""


def _spent_values(purse: Purse, start: datetime, now: datetime) -> dict[str, Any]:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return {"provider": purse.provider.provider, "simulated": purse.simulated, "start": start, "today": today}


def _rows(connection: Connection, *, simulated: bool) -> dict[str, Row[Any]]:
    found = connection.execute(text(f"select {_COLUMNS} from api_quota_state where simulated = :s"), {"s": simulated})
    return {row.provider: row for row in found}


def _is_stale(row: Row[Any] | None, each: Provider, marks: Marks, now: datetime, *, simulated: bool) -> bool:
    if row is None or (row.window_end and row.window_end <= now):
        return True
    if (row.window_start, row.window_end) != window(each, now, row.reset_anchor or row.window_end):
        return True
    mark = marks.of(each.provider, simulated=simulated)
    return row.state != "active" and _has_ended(row.state, row.until, row.key_mark, mark, now)


def _has_ended(state: str, until: datetime | None, key_mark: str | None, mark: str | None, now: datetime) -> bool:
    if state == "disabled":
        return mark is not None and key_mark != mark
    return until is not None and until <= now


def _bring_up(connection: Connection, each: Provider, mark: str | None, now: datetime, *, simulated: bool) -> None:
    who: dict[str, Any] = {"provider": each.provider, "simulated": simulated}
    connection.execute(
        text("""insert into api_quota_state (provider, simulated, window_start, window_end, day)
                values (:provider, :simulated, :long_ago, null, :day) on conflict do nothing"""),
        who | {"day": now.date(), "long_ago": _LONG_AGO},
    )
    row = locked(connection, **who)
    start, end = window(each, now, row.reset_anchor or row.window_end)
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
        row = locked(connection, **who)
    if row.state != "active" and _has_ended(row.state, row.until, row.key_mark, mark, now):
        set_state(connection, each.provider, Change("active", "its time was up"), simulated=simulated)


def locked(connection: Connection, *, provider: str, simulated: bool) -> Row[Any]:
    return connection.execute(
        text(
            f"select {_COLUMNS} from api_quota_state where provider = :provider and simulated = :simulated for update"
        ),
        {"provider": provider, "simulated": simulated},
    ).one()


def purse_of(row: Row[Any], each: Provider, marks: Marks) -> Purse:
    return Purse(
        provider=each,
        simulated=row.simulated,
        has_key=marks.of(each.provider, simulated=row.simulated) is not None,
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


def set_state(connection: Connection, provider: str, then: Change, *, simulated: bool, mark: str | None = None) -> None:
    """Another state, on record. A cooldown never shortens an exhaustion, and nothing but a new key lifts a refusal."""
    was = locked(connection, provider=provider, simulated=simulated)
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
        values | {"until": then.until, "mark": mark},
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


def note_account(
    connection: Connection, provider: Provider, account: Account, now: datetime, *, simulated: bool
) -> None:
    """Keep what the provider reports. What it counts beyond our ledger is unmetered, and no longer ours to spend."""
    row = locked(connection, provider=provider.provider, simulated=simulated)
    remaining = account.remaining
    used = account.used
    if used is None and remaining is not None and (limit := account.limit or provider.quota) is not None:
        used = limit - remaining
    counted = [used] if used is not None else []
    if remaining is not None and provider.quota is not None:
        counted.append(provider.quota - remaining)
    unmetered = max(max(counted) - row.used - row.reserved, 0) if counted else row.unmetered
    told = account.resets_at if provider.reset == "unix" and account.resets_at and account.resets_at > now else None
    connection.execute(
        text("""update api_quota_state set reported_used = :used, reported_limit = :limit,
                  remaining_reported = :remaining, reported_at = :now, unmetered = :unmetered,
                  window_end = coalesce(:told, window_end), reset_anchor = coalesce(:anchor, reset_anchor)
                where provider = :provider and simulated = :simulated"""),
        {
            "provider": provider.provider,
            "simulated": simulated,
            "used": used,
            "limit": account.limit,
            "remaining": remaining,
            "now": now,
            "unmetered": unmetered,
            "told": told,
            "anchor": told and anchor_of(told, row.reset_anchor),
        },
    )
