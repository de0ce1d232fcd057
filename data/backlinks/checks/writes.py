"""Looks at pages whose links were missed: given out to satellites, and what they saw written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.backlinks.checks import rules
from data.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

    from data.backlinks.checks.rules import Outcome, Refused


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One look at a page: which link it was for (its row's whole key), the how manieth, and what was seen."""

    target_domain_name: str
    discovered_date: datetime
    backlink_id: int
    attempt: int
    outcome: Outcome | Refused
    http_code: int | None = None
    detail: str | None = None


def claim_links(connection: Connection, satellite_id: str, limit: int) -> list[dict[str, Any]]:
    """Links whose pages are to be looked at now, the longest waiting first; nobody else is given them for a while.

    A simulated satellite gets simulated links and no others. Raises NotFound for a satellite that is not registered.
    """
    simulated = _is_simulated(connection, satellite_id)
    connection.execute(text("select plan_through_indexes()"))  # a plan that the driver keeps does not know the limit
    rows = connection.execute(
        text("""
        with due as (
          select target_domain_name, discovered_date, backlink_id from backlinks
          where next_check_at <= now() and simulated = :simulated
          order by next_check_at limit :limit for update skip locked)
        update backlinks b set next_check_at = now() + :lease from due
        where b.target_domain_name = due.target_domain_name and b.discovered_date = due.discovered_date
          and b.backlink_id = due.backlink_id
        returning b.target_domain_name, b.discovered_date, b.backlink_id, b.url_from, b.url_to, b.checks + 1 as attempt
        """),
        {"simulated": simulated, "limit": limit, "lease": rules.LEASE},
    )
    return [dict(row) for row in rows.mappings()]


def _is_simulated(connection: Connection, satellite_id: str) -> bool:
    found = connection.execute(
        text("select simulated from satellites where satellite_id = :id"), {"id": satellite_id}
    ).first()
    if found is None:
        raise NotFound(f"There is no satellite {satellite_id}: register first")
    return bool(found.simulated)


def record_results(
    connection: Connection, satellite_id: str, looks: Sequence[CheckResult], now: datetime, recheck_seconds: int
) -> int:
    """Write down what was seen; returns how many looks counted. One reported twice, or overtaken by a sighting, does
    not. In the order of links, so that two reports never wait for each other in a circle."""
    simulated = _is_simulated(connection, satellite_id)
    interval = rules.interval(recheck_seconds, simulated=simulated)
    ordered = sorted(looks, key=lambda look: look.backlink_id)
    return sum(_record(connection, satellite_id, look, now, interval, simulated=simulated) for look in ordered)


_LINK = "target_domain_name = :target and discovered_date = :date and backlink_id = :id"


def _record(
    connection: Connection, satellite_id: str, look: CheckResult, now: datetime, interval: timedelta, *, simulated: bool
) -> bool:
    key = {"target": look.target_domain_name, "date": look.discovered_date, "id": look.backlink_id}
    link = connection.execute(
        text(f"""select link_state from backlinks where {_LINK} and simulated = :simulated and checks = :before
                 and next_check_at is not null and link_state in ('suspected', 'confirmed_lost') for update"""),
        key | {"simulated": simulated, "before": look.attempt - 1},
    ).first()
    if link is None:
        return False
    if look.outcome == "refused":
        connection.execute(
            text(f"update backlinks set next_check_at = :next where {_LINK}"), key | {"next": now + rules.REFUSED_FOR}
        )
        return False
    step = rules.step(link.link_state, look.outcome, look.attempt, now, interval)
    _move(connection, key, link.link_state, look, step, now)
    connection.execute(
        text("""insert into backlink_link_checks (target_domain_name, discovered_date, backlink_id, checked_at,
                  satellite_id, attempt, outcome, verdict, http_code, detail, simulated)
                values (:target, :date, :id, :now, :satellite, :attempt, :outcome, :verdict, :code, :detail,
                  :simulated)"""),
        key
        | {"now": now, "satellite": satellite_id, "attempt": look.attempt, "outcome": look.outcome}
        | {"verdict": step.verdict, "code": look.http_code, "detail": look.detail, "simulated": simulated},
    )
    return True


def _move(
    connection: Connection, key: dict[str, Any], state: str, look: CheckResult, step: rules.Step, now: datetime
) -> None:
    """A confirmed loss counts from when the link was first missed; one that was known keeps its reason."""
    lost = step.state == "confirmed_lost"
    connection.execute(
        text(f"""
        update backlinks set link_state = :state, checked_at = :now, checks = :attempt, next_check_at = :next,
          last_seen = case when :found then greatest(last_seen, :now) else last_seen end,
          recovered_at = case when :state = 'recovered' then :now else recovered_at end,
          lost_date = case when not :lost then null else coalesce(lost_date, suspected_at, :now) end,
          lost_reason = case when not :lost then null when :known then lost_reason else :reason end,
          suspected_at = case when :found then null else suspected_at end,
          http_code = coalesce(:code, http_code), last_fetched_at = :now
        where {_LINK}"""),
        key
        | {"state": step.state, "now": now, "attempt": look.attempt, "next": step.next_look, "lost": lost}
        | {"found": look.outcome == "found", "known": state == "confirmed_lost", "reason": look.outcome}
        | {"code": look.http_code},
    )
