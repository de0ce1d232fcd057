"""Domains as rows: those for sale, opportunities, the watch list, one domain with all that is known of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from sqlalchemy import text

from data.db import frame
from data.domains.frames import HISTORY, LINKS_DAILY
from data.domains.streams import Availability

if TYPE_CHECKING:
    from datetime import date, datetime

    import pandas as pd
    from sqlalchemy import Connection

    from data.domains.inputs import HunterFilters, Sort

Row = dict[str, Any]
COUNTED = 10_000  # a list is counted no further
OPPORTUNITY = 1000  # a domain that is available and worth more is one
ENDS = "coalesce(d.drops_at, d.expires_at, 'infinity')"  # as the index has it


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: by `key`, a value of `kind` that is never null, and then by name."""

    key: str
    kind: str
    falling: bool = True

    @property
    def direction(self) -> str:
        return "desc" if self.falling else "asc"

    @property
    def words(self) -> str:
        return f"{self.key} {self.direction}, d.domain_name"

    @property
    def after(self) -> str:
        sign = "<" if self.falling else ">"
        key = f"cast(:key as {self.kind})"
        return f"({self.key} {sign} {key} or ({self.key} = {key} and d.domain_name > :name))"


ORDERS: dict[Sort, Order] = {
    "value": Order("coalesce(d.estimated_value, -1)", "numeric"),
    "score": Order("coalesce(d.score, -1)", "float8"),
    "authority": Order("coalesce(d.domain_authority, -1)", "int"),
    "expires": Order(ENDS, "timestamptz", falling=False),
    "name": Order("''::text", "text", falling=False),
}

_LINKS = """
left join lateral (
  select sum(links)::bigint as links, sum(live)::bigint as live_links, sum(live_domains)::bigint as referring_domains
  from backlink_target_totals t where t.target_domain_name = d.domain_name) t on true
"""
_DOMAIN = """
select d.domain_name, d.availability_status, d.lifecycle, d.domain_authority, d.spam_score, d.estimated_value,
  d.value_source, d.asking_price, d.registered_at, d.expires_at, d.drops_at, d.owner, d.registrar, d.concerns,
  d.last_fetched_at, d.created_date, d.simulated, v.score, v.value as calculated_value, v.low as value_low,
  v.high as value_high, coalesce(v.rejected, '{}') as rejected, t.links, t.live_links, t.referring_domains,
  w.domain_name is not null as watched
"""
_JOINS = f"""
from domains d left join domain_values v using (domain_name) left join watched_domains w using (domain_name) {_LINKS}
"""
_LISTED = """
from domains d left join domain_values v using (domain_name) left join watched_domains w using (domain_name)
"""


def list_hunted(
    connection: Connection, wanted: HunterFilters, now: datetime, *, limit: int, after: tuple[str, str] | None
) -> list[Row]:
    """The domains that pass the filters, in their order; `after` is `place` of the last row of the page before."""
    order = ORDERS[wanted.sort]
    where, values = _where(wanted, now)
    if after:
        where.append(order.after)
        values |= {"key": after[0], "name": after[1]}
    rows = connection.execute(
        text(f"""
        with picked as (
          select p.* from unnest(cast(:availability as text[])) s (status) cross join lateral (
            select d.domain_name, {order.key} as place {_LISTED}
            where d.availability_status = s.status and {" and ".join(where)} order by {order.words} limit :limit) p)
        {_DOMAIN}, cast(picked.place as text) as place {_JOINS} join picked using (domain_name)
        order by picked.place {order.direction}, d.domain_name limit :limit"""),
        values | {"limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def count_hunted(connection: Connection, wanted: HunterFilters, now: datetime, *, most: int = COUNTED) -> int:
    """How many pass the filters, counted up to `most`."""
    where, values = _where(wanted, now)
    found: int = connection.execute(
        text(f"""select count(*) from (select {_LISTED}
                 where d.availability_status = any(:availability) and {" and ".join(where)} limit :most) t"""),
        values | {"most": most},
    ).scalar_one()
    return found


def _where(wanted: HunterFilters, now: datetime) -> tuple[list[str], dict[str, Any]]:
    conditions = {
        "d.lifecycle = :lifecycle": wanted.lifecycle,
        "position(:q in d.domain_name) > 0": wanted.q and wanted.q.lower(),
        "reverse(d.domain_name) like :tld": wanted.tld,
        "d.estimated_value >= cast(:min_value as numeric)": wanted.min_value,
        "d.estimated_value <= cast(:max_value as numeric)": wanted.max_value,
        "d.domain_authority >= :min_authority": wanted.min_authority,
        "coalesce(d.spam_score, 0) <= :max_spam": wanted.max_spam,
        f"{ENDS} between cast(:now as timestamptz) and cast(:now as timestamptz)"
        " + make_interval(days => :within_days)": wanted.within_days,
        "w.domain_name is not null and :watched": wanted.watched or None,
        # `< 1`, not `= 0`: of an equality the planner expects few rows and sorts all instead of reading by index.
        "cardinality(coalesce(v.rejected, d.concerns)) < 1 and :clean": wanted.clean or None,
    }
    values = {name: getattr(wanted, name) for name in type(wanted).model_fields if name != "sort"}
    asked = [condition for condition, value in conditions.items() if value is not None]
    used = {name: value for name, value in values.items() if any(f":{name}" in each for each in asked)}
    if wanted.q:
        used["q"] = wanted.q.lower()
    if wanted.tld:
        used["tld"] = ending(wanted.tld)
    availability = wanted.availability or list(get_args(Availability))
    used |= {"availability": list(dict.fromkeys(availability))} | ({"now": now} if "within_days" in used else {})
    return asked or ["true"], used


def ending(tld: str) -> str:
    """The pattern of names that end with it, read from the end."""
    backwards = tld.lower().strip(".")[::-1]
    return re.sub(r"([\\%_])", r"\\\1", backwards) + ".%"


def list_opportunities(connection: Connection, *, limit: int, offset: int = 0, above: float = OPPORTUNITY) -> list[Row]:
    """Available and worth more than `above`, by value; the counts of links come from the roll-ups."""
    rows = connection.execute(
        text(f"""
        select d.domain_name, d.domain_authority, d.availability_status, d.estimated_value, d.value_source,
          d.asking_price, d.expires_at, d.drops_at, d.simulated, coalesce(r.n, 0) as backlink_count,
          r.authority as avg_backlink_authority, t.referring_domains, v.score, v.value as calculated_value,
          coalesce(v.rejected, '{{}}') as rejected, w.domain_name is not null as watched
        from domains d left join domain_values v using (domain_name) left join watched_domains w using (domain_name)
        {_LINKS}
        left join lateral (
          select sum(n)::bigint as n, sum(sum_authority)::float8 / nullif(sum(n_authority), 0)::float8 as authority
          from rollup_backlinks_daily r where r.target_domain_name = d.domain_name) r on true
        where d.availability_status = 'available' and d.estimated_value > cast(:above as numeric)
        order by d.estimated_value desc, d.domain_name limit :limit offset :offset"""),
        {"limit": limit, "offset": offset, "above": above},
    )
    return [dict(row) for row in rows.mappings()]


def summary(connection: Connection, now: datetime) -> Row:
    """The page's key figures; the counts of all domains come from their daily roll-up. `opportunities_passing`
    are those that fail no gate."""
    row = connection.execute(
        text("""
        select r.*, s.*, w.*, m.* from
          (select coalesce(sum(n), 0)::bigint as domains,
             coalesce(sum(n) filter (where availability_status = 'available'), 0)::bigint as available,
             coalesce(sum(n) filter (where availability_status = 'expired'), 0)::bigint as expired,
             coalesce(sum(n_opportunities), 0)::bigint as opportunities
           from rollup_domains_daily) r,
          (select coalesce(sum(estimated_value), 0) as opportunities_value,
             count(*) filter (where p.passes) as opportunities_passing,
             coalesce(sum(estimated_value) filter (where p.passes), 0) as opportunities_passing_value
           from domains d cross join lateral (select not d.fails_checks and d.concerns = '{}' as passes) p
           where availability_status = 'available' and coalesce(estimated_value, -1) > :above) s,
          (select count(*) as watched from watched_domains) w,
          (select coalesce(sum(n) filter (where day > :day - 30), 0)::bigint as mentions,
             coalesce(sum(n) filter (where day <= :day - 30), 0)::bigint as mentions_before,
             coalesce(sum(n_negative) filter (where day > :day - 30), 0)::bigint as negative_mentions
           from rollup_mentions_daily where day > :day - 60) m"""),
        {"above": OPPORTUNITY, "day": now.date()},
    )
    dropping = connection.scalar(
        text(f"""select count(*) from domains d where d.availability_status in ('available', 'expired')
                 and {ENDS} between cast(:now as timestamptz) and cast(:now as timestamptz) + interval '30 days'"""),
        {"now": now},
    )
    return dict(row.mappings().one()) | {"dropping": dropping}


def watch_list(connection: Connection, *, limit: int) -> list[Row]:
    """The newest entry first, with what is known of each and the last change that was seen."""
    rows = connection.execute(
        text(f"""
        select w.domain_name, w.note, w.added_by, w.added_at, d.availability_status, d.lifecycle, d.domain_authority,
          d.estimated_value, coalesce(d.drops_at, d.expires_at) as ends_at, d.last_fetched_at,
          h.at as changed_at, h.changes, l.outcome as lookup, l.detail as lookup_detail, l.tries as lookup_tries,
          l.last_fetched_at as looked_up_at, t.referring_domains,
          w.simulated or coalesce(d.simulated, false) as simulated
        from watched_domains w
        left join domains d using (domain_name) left join domain_lookups l using (domain_name)
        {_LINKS.replace("d.", "w.")}
        left join lateral (select max(at) as at, count(*) - 1 as changes from domain_history h
                           where h.domain_name = w.domain_name) h on true
        order by w.added_at desc, w.domain_name limit :limit"""),
        {"limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def get_domain(connection: Connection, name: str) -> Row | None:
    """All that is known of a domain, or None for one that nobody has told us of."""
    row = connection.execute(text(f"{_DOMAIN} {_JOINS} where d.domain_name = :name"), {"name": name}).mappings().first()
    return dict(row) if row else None


def list_history(connection: Connection, name: str, *, limit: int) -> list[Row]:
    """Its changes, the newest first."""
    rows = connection.execute(
        text(f"""select {", ".join(HISTORY)}, simulated from domain_history
                 where domain_name = :name order by at desc limit :limit"""),
        {"name": name, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def links_daily(connection: Connection, name: str, start: date, end: date) -> pd.DataFrame:
    """Links to a domain, found and lost by day; days without any are left out."""
    return frame(
        connection,
        f"""select {", ".join(LINKS_DAILY)} from
              (select day, n as new_backlinks, n_domains as unique_domains,
                 sum_authority::float8 / nullif(n_authority, 0)::float8 as avg_authority
               from rollup_backlinks_daily where target_domain_name = :name and day between :start and :end) n
            full join
              (select day, sum(n)::bigint as lost_backlinks from rollup_backlinks_lost_daily
               where target_domain_name = :name and day between :start and :end group by day) l using (day)
            order by day""",
        name=name,
        start=start,
        end=end,
    )


def list_referring(connection: Connection, name: str, *, limit: int) -> list[Row]:
    """The domains that link to it, the strongest first."""
    rows = connection.execute(
        text("""select source_domain_name, sum(links)::bigint as links, sum(live)::bigint as live,
                  min(first_seen) as first_seen, max(last_seen) as last_seen, max(max_authority) as max_authority,
                  max(max_spam) as max_spam, bool_or(simulated) as simulated
                from backlink_target_sources where target_domain_name = :name group by source_domain_name
                order by max(max_authority) desc nulls last, source_domain_name limit :limit"""),
        {"name": name, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def list_newest_links(connection: Connection, name: str, *, limit: int) -> list[Row]:
    """The newest links to it."""
    rows = connection.execute(
        text("""select url_from, url_to, source_domain_name, anchor, rel, domain_authority, spam_score, discovered_date,
                  link_state, lost_reason
                from backlinks where target_domain_name = :name
                order by discovered_date desc, backlink_id desc limit :limit"""),
        {"name": name, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]
