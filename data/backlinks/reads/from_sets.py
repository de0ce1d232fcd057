"""The same figures for links narrowed by what the sets know: kind (`rel`), whole bands of authority, anchor, domain.

Lost links are few, and an index holds what narrows them: they are counted themselves.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from data.backlinks.reads.matching import in_sets, matching
from data.db import frame

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.backlinks.inputs import Question


def days_of(question: Question) -> tuple[str, str, dict[str, Any]]:
    """SQL of what was found and of what was lost by day, and what both bind beside the question's own days."""
    sets = in_sets(question.filters)
    where, values = matching([question.target], question.filters)
    found = f"""
        select day, sum(n) as new, sum(n_high) as high, sum(n_spam) as toxic,
               sum(n) filter (where band >= 0) as n_authority, sum(sum_authority) as sum_authority
        from {sets.days}
        where target_domain_name = :target and day <= :end and {sets.wanted} group by day"""
    gone = f"""
        select (b.lost_date at time zone 'UTC')::date as day, count(*) as lost,
               count(*) filter (where is_high_authority(b.domain_authority)) as lost_high
        from backlinks b where {where} and b.lost_date < :close and b.discovered_date < :close
          and (cast(:reason as text) is null or b.lost_reason = :reason) group by 1"""
    return found, gone, values | sets.binds


def list_bands(connection: Connection, question: Question) -> pd.DataFrame:
    sets = in_sets(question.filters)
    return frame(
        connection,
        f"""select target_domain_name as target, band, sum(n)::bigint as links from {sets.days}
            where target_domain_name = any(:everyone) and day between :start and :end and band >= 0 and {sets.wanted}
            group by 1, 2 order by 1, 2""",
        **sets.binds,
        everyone=question.everyone,
        start=question.start,
        end=question.end,
    )


def board_days(question: Question) -> tuple[str, dict[str, Any]]:
    """SQL of (domain, links, authority, delta), and what it binds beside the question's own days."""
    sets = in_sets(question.filters)
    where, values = matching(question.everyone, question.filters)
    return (
        f"""
        select s.target_domain_name as domain, sum(n)::bigint as links,
               sum(sum_authority)::float8 / nullif(sum(n) filter (where band >= 0), 0)::float8 as authority,
               coalesce(sum(n) filter (where day >= :week), 0)::bigint - (
                 select count(*) from backlinks b where {where} and b.target_domain_name = s.target_domain_name
                   and b.discovered_date < :close and b.lost_date >= :week_began and b.lost_date < :close) as delta
        from {sets.days}
        where s.target_domain_name = any(:everyone) and day <= :end and {sets.wanted} group by 1""",
        values | sets.binds | {"week_began": question.close - timedelta(days=7)},
    )


def list_found_by_day(connection: Connection, question: Question) -> pd.DataFrame:
    sets = in_sets(question.filters)
    return frame(
        connection,
        f"""select target_domain_name as target, day, sum(n)::bigint as links from {sets.days}
            where target_domain_name = any(:everyone) and day between :start and :end and {sets.wanted}
            group by 1, 2""",
        **sets.binds,
        everyone=question.everyone,
        start=question.start,
        end=question.end,
    )
