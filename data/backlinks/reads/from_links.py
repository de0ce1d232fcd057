"""The same figures for links that were narrowed by a property of their own which no set knows: from the links."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from data.backlinks.reads.matching import ANCHOR, TEXTS, matching
from data.db import frame

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.backlinks.inputs import Question


def list_days(connection: Connection, question: Question) -> pd.DataFrame:
    where, values = matching([question.target], question.filters)
    return frame(
        connection,
        f"""
        with hit as materialized (
          select b.discovered_date, b.lost_date, b.lost_reason, b.domain_authority, b.spam_score, b.source_domain_name
          from backlinks b where {where} and b.discovered_date < :close)
        select day, sum(new)::bigint as new, sum(high)::bigint as high, sum(toxic)::bigint as toxic,
               sum(n_authority)::bigint as n_authority, sum(sum_authority)::bigint as sum_authority,
               sum(lost)::bigint as lost, sum(lost_high)::bigint as lost_high, sum(domains)::bigint as domains
        from (
          select (discovered_date at time zone 'UTC')::date as day, count(*) as new,
                 count(*) filter (where is_high_authority(domain_authority)) as high,
                 count(*) filter (where is_toxic(spam_score)) as toxic, count(domain_authority) as n_authority,
                 coalesce(sum(domain_authority), 0) as sum_authority, 0 as lost, 0 as lost_high, 0 as domains
          from hit group by 1
          union all
          select (lost_date at time zone 'UTC')::date, 0, 0, 0, 0, 0, count(*),
                 count(*) filter (where is_high_authority(domain_authority)), 0
          from hit where lost_date < :close and (cast(:reason as text) is null or lost_reason = :reason) group by 1
          union all
          select (first at time zone 'UTC')::date, 0, 0, 0, 0, 0, 0, 0, count(*)
          from (select min(discovered_date) as first from hit group by source_domain_name) s group by 1
        ) days group by 1 order by 1""",
        **values,
        close=question.close,
        reason=question.filters.reason,
    )


def list_bands(connection: Connection, question: Question) -> pd.DataFrame:
    where, values = matching(question.everyone, question.filters)
    return frame(
        connection,
        f"""select b.target_domain_name as target, least(b.domain_authority / 10, 9) as band, count(*) as links
            from backlinks b where {where} and b.discovered_date >= :since and b.discovered_date < :close
              and b.domain_authority is not null group by 1, 2 order by 1, 2""",
        **values,
        since=question.since,
        close=question.close,
    )


def list_competitors(connection: Connection, question: Question) -> pd.DataFrame:
    where, values = matching(question.everyone, question.filters)
    return frame(
        connection,
        f"""
        with pairs as materialized (
          select b.target_domain_name as domain, b.source_domain_name as source, count(*) as links,
                 sum(b.domain_authority) as authority, count(b.domain_authority) as n_authority,
                 count(*) filter (where b.discovered_date >= :week)
                 - count(*) filter (where b.lost_date >= :week and b.lost_date < :close) as delta
          from backlinks b where {where} and b.discovered_date < :close group by 1, 2)
        select p.domain, sum(p.links)::bigint as links, count(*) as domains,
               sum(p.authority)::float8 / nullif(sum(p.n_authority), 0)::float8 as authority,
               sum(p.delta)::bigint as delta, count(o.source)::float8 / count(*) as overlap, p.domain = :target as own
        from pairs p left join pairs o on o.source = p.source and o.domain = :target
        group by p.domain order by own desc, links desc, p.domain""",
        **values,
        close=question.close,
        week=question.close - timedelta(days=7),
        target=question.target,
    )


def list_found_by_day(connection: Connection, question: Question) -> pd.DataFrame:
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


def referring_sql(question: Question) -> tuple[str, dict[str, Any]]:
    """SQL of the rivals' referring domains, as (target, source, links, authority, first_seen)."""
    where, values = matching(question.rivals, question.filters)
    return (
        f"""select b.target_domain_name as target, b.source_domain_name as source, count(*) as links,
                   max(b.domain_authority) as authority, min(b.discovered_date) as first_seen
            from backlinks b where {where} and b.discovered_date < :close group by 1, 2""",
        values,
    )


def list_anchors(connection: Connection, question: Question) -> pd.DataFrame:
    where, values = matching([question.target], question.filters)
    return frame(
        connection,
        TEXTS.format(
            pairs=f"""
            select left(coalesce(b.anchor, ''), {ANCHOR}) as anchor, b.source_domain_name as source, count(*) as links,
                   max(b.domain_authority) as authority, count(*) filter (where is_toxic(b.spam_score)) as toxic,
                   min(b.discovered_date) as first_seen, max(b.discovered_date) as last_seen
            from backlinks b where {where} and b.discovered_date >= :since and b.discovered_date < :close
            group by 1, 2"""
        ),
        **values,
        since=question.since,
        close=question.close,
        rows=question.rows,
    )
