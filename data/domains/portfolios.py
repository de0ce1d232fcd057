"""Whose domains are whose, and since when: a domain belongs to its owner until it is free again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

Row = dict[str, Any]
_HOLDER = "case when availability_status = 'available' then null else owner end"
_CHANGES = f"""
with held as (select distinct domain_name from domain_history where owner is not null),
told as (
  select domain_name, at, simulated, {_HOLDER} as holder,
    lag({_HOLDER}) over (partition by domain_name order by at) as before
  from domain_history join held using (domain_name)),
changes as (
  select (at at time zone 'UTC')::date as day, holder as owner, domain_name, 1 as gained, 0 as lost, simulated from told
  where holder is not null and holder is distinct from before
  union all
  select (at at time zone 'UTC')::date, before, domain_name, 0, 1, simulated from told
  where before is not null and before is distinct from holder)
"""


def list_owners(connection: Connection, since: date, until: date, limit: int) -> list[Row]:
    """Each owner's portfolio as it is, with what it gained and lost on the days of the range; the largest first."""
    rows = connection.execute(
        text(f"""{_CHANGES}, moved as (
          select owner, sum(gained)::bigint as gained, sum(lost)::bigint as lost, bool_or(simulated) as simulated
          from changes where day between :since and :until group by owner),
        now_held as (
          select owner, count(*) as domains, coalesce(sum(estimated_value), 0) as domains_value,
            avg(domain_authority)::float8 as avg_authority, min(expires_at) as next_expiry,
            bool_or(simulated) as simulated
          from domains where owner is not null and availability_status <> 'available' group by owner)
        select coalesce(h.owner, m.owner) as owner, coalesce(domains, 0) as domains,
          coalesce(domains_value, 0) as domains_value, avg_authority, next_expiry,
          coalesce(gained, 0) as gained, coalesce(lost, 0) as lost,
          coalesce(h.simulated, false) or coalesce(m.simulated, false) as simulated
        from now_held h full join moved m using (owner)
        order by 2 desc, 1 limit :limit"""),
        {"since": since, "until": until, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def list_over_time(connection: Connection, start: date, end: date) -> list[Row]:
    """The days on which a portfolio changed, with its size after; its first row has what it was before `start`."""
    rows = connection.execute(
        text(f"""{_CHANGES}, daily as (
          select owner, greatest(day, :start - 1) as day, sum(gained)::bigint as gained, sum(lost)::bigint as lost,
            bool_or(simulated) as simulated
          from changes where day <= :end group by 1, 2)
        select owner, day, gained, lost, simulated,
          sum(gained - lost) over (partition by owner order by day)::bigint as domains
        from daily order by owner, day"""),
        {"start": start, "end": end},
    )
    return [dict(row) for row in rows.mappings()]


def list_domains_of(connection: Connection, owner: str, *, limit: int) -> list[Row]:
    """One portfolio, the most valuable first."""
    rows = connection.execute(
        text("""select domain_name, availability_status, lifecycle, domain_authority, estimated_value, registered_at,
                  expires_at, last_fetched_at
                from domains where owner = :owner and availability_status <> 'available'
                order by estimated_value desc nulls last, domain_name limit :limit"""),
        {"owner": owner, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]
