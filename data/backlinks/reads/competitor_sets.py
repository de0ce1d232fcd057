"""Who is compared with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy import Connection

LARGEST = 5


def usual_target(connection: Connection) -> str | None:
    """The domain that a page shows by itself: the first competitor set's own, else the one with the most links.

    None while there is no link.
    """
    found: str | None = connection.scalar(
        text("""
        (select own_domain, 0 as rank, set_id::numeric as place from competitor_sets s
         where exists (select from rollup_backlinks_daily r where r.target_domain_name = s.own_domain)
         order by set_id limit 1)
        union all
        (select target_domain_name, 1, -sum(links) from backlink_target_totals group by 1
         order by sum(links) desc, 1 limit 1)
        order by rank, place limit 1""")
    )
    return found


def rivals_of(connection: Connection, target: str, limit: int) -> tuple[str, ...]:
    """The members of the sets in which the target is the own domain; else of those that it is a member of.

    While it is in no set: the domains with the most links beside it, so that there is something to compare with.
    """
    return _in_sets(connection, target, limit) or _largest(connection, target)


def _largest(connection: Connection, target: str) -> tuple[str, ...]:
    rows = connection.execute(
        text("""select target_domain_name from backlink_target_totals where target_domain_name <> :target
                group by 1 order by sum(links) desc, 1 limit :limit"""),
        {"target": target, "limit": LARGEST},
    )
    return tuple(rows.scalars())


def _in_sets(connection: Connection, target: str, limit: int) -> tuple[str, ...]:
    rows = connection.execute(
        text("""
        select m.domain_name from competitor_sets s join competitor_set_members m using (set_id)
        where s.own_domain = :target and m.domain_name <> :target
        union
        select other from (
          select unnest(array_append(array_agg(o.domain_name), s.own_domain)) as other
          from competitor_set_members m join competitor_sets s using (set_id)
          join competitor_set_members o using (set_id) where m.domain_name = :target group by s.set_id) beside
        where other <> :target and not exists (select from competitor_sets s where s.own_domain = :target)
        order by 1 limit :limit"""),
        {"target": target, "limit": limit},
    )
    return tuple(rows.scalars())
