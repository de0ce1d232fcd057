"""One domain beside its rivals: authority, size, pace, shared referring domains."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from data.backlinks.frames import BANDS, BOARD, INTERSECT
from data.backlinks.platforms import PLATFORMS
from data.backlinks.reads.matching import matching
from data.db import frame

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.backlinks.inputs import Question

ROWS = 500


def bands(connection: Connection, question: Question) -> pd.DataFrame:
    """Links found in the range by target and band of authority (0 is 0–9, 9 is 90–100); no row where there is none."""
    where, values = matching(question.everyone, question.filters)
    found = frame(
        connection,
        f"""select b.target_domain_name as target, least(b.domain_authority / 10, 9) as band, count(*) as links
            from backlinks b where {where} and b.discovered_date >= :since and b.discovered_date < :close
              and b.domain_authority is not null group by 1, 2 order by 1, 2""",
        **values,
        since=question.since,
        close=question.close,
    )
    return found[list(BANDS)]


def board(connection: Connection, question: Question) -> pd.DataFrame:
    """One row a domain that any link leads to, up to the end of the range; the target first, then the largest.

    `delta` is found less lost in the last seven days of the range, `overlap` the share (0–1) of its referring domains
    that link to the target too, `trend` the links found on each day of the range.
    """
    where, values = matching(question.everyone, question.filters)
    found = frame(
        connection,
        f"""
        with hit as materialized (
          select b.target_domain_name as domain, b.source_domain_name as source, b.domain_authority as authority,
                 b.discovered_date as found, b.lost_date as lost
          from backlinks b where {where} and b.discovered_date < :close),
        pairs as (select distinct domain, source from hit),
        shared as (
          select p.domain, count(*) as domains, count(o.source) as shared from pairs p
          left join pairs o on o.source = p.source and o.domain = :target group by 1)
        select h.domain, count(*) as links, s.domains, avg(h.authority)::float8 as authority,
               count(*) filter (where h.found >= :week) - count(*) filter (where h.lost >= :week and h.lost < :close)
                 as delta,
               s.shared::float8 / s.domains as overlap, h.domain = :target as own
        from hit h join shared s using (domain)
        group by h.domain, s.domains, s.shared order by own desc, links desc, h.domain""",
        **values,
        close=question.close,
        week=question.close - timedelta(days=7),
        target=question.target,
    )
    by_day = found_by_day(connection, question)
    found["trend"] = [trend(by_day, domain, question) for domain in found["domain"]]
    return found[list(BOARD)]


def found_by_day(connection: Connection, question: Question) -> pd.DataFrame:
    """target, day, links: found on each day of the range on which there were any."""
    where, values = matching(question.everyone, question.filters)
    return frame(
        connection,
        f"""select b.target_domain_name as target, (b.discovered_date at time zone 'UTC')::date as day,
                   count(*) as links
            from backlinks b where {where} and b.discovered_date >= :since and b.discovered_date < :close
            group by 1, 2""",
        **values,
        since=question.since,
        close=question.close,
    )


def trend(by_day: pd.DataFrame, domain: str, question: Question) -> list[int]:
    """The links of each day of the range, oldest first."""
    found = dict(by_day.loc[by_day["target"] == domain, ["day", "links"]].itertuples(index=False, name=None))
    days = (question.start + timedelta(days=n) for n in range(question.days))
    return [int(found.get(day, 0)) for day in days]


def intersect(connection: Connection, question: Question) -> pd.DataFrame:
    """Domains that link to at least `overlap` rivals and never to the target; most rivals first, then authority."""
    where, values = matching(question.rivals, question.filters)
    found = frame(
        connection,
        f"""
        select b.source_domain_name as source, count(distinct b.target_domain_name) as overlap,
               max(b.domain_authority) as authority, count(*) as links,
               min(b.discovered_date) as first_seen, array_agg(distinct b.target_domain_name) as rivals
        from backlinks b
        where {where} and b.discovered_date < :close
          and (:platforms or b.source_domain_name <> all(:known))
          and b.source_domain_name <> all(:everyone)
          and b.source_domain_name not in (
            select o.source_domain_name from backlinks o
            where o.target_domain_name = :target and o.discovered_date < :close)
        group by 1 having count(distinct b.target_domain_name) >= :least
        order by overlap desc, authority desc nulls last, links desc, source limit :rows""",
        **values,
        close=question.close,
        target=question.target,
        everyone=question.everyone,
        platforms=question.platforms,
        known=list(PLATFORMS),
        least=question.overlap,
        rows=ROWS,
    )
    return found[list(INTERSECT)]
