"""How many links a domain has, found and lost, day by day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data.backlinks.analysis.summary import Day
from data.backlinks.frames import DAILY
from data.backlinks.reads import from_links, from_sets
from data.backlinks.reads.matching import in_sets, matching
from data.db import frame

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd
    from sqlalchemy import Connection

    from data.backlinks.inputs import Question


def list_targets(connection: Connection, limit: int = 500) -> list[str]:
    """The domains that links were found to, those with the most first."""
    rows = connection.execute(
        text("""select target_domain_name from backlink_target_totals
                group by 1 order by sum(links) desc, 1 limit :limit"""),
        {"limit": limit},
    )
    return [str(name) for name in rows.scalars()]


def is_known_target(connection: Connection, target: str) -> bool:
    """Whether a link to it was ever found."""
    return bool(
        connection.scalar(
            text("select exists (select from rollup_backlinks_daily where target_domain_name = :target)"),
            {"target": target},
        )
    )


def list_days(connection: Connection, question: Question) -> pd.DataFrame:
    """One row a day (UTC) on which anything happened, from the first link to the end of the range.

    `new`, `high`, `toxic`, `n_authority`, `sum_authority` by day of discovery, `lost` and `lost_high` by day of loss,
    `domains` by the day on which a referring domain linked for the first time.
    """
    read = from_links.list_days if question.filters.answered_from == "links" else _days_from_sets
    return read(connection, question)[list(DAILY)]


# A mean times its count is the sum again, as authority is a whole number.
_FOUND = """
select day, new_backlinks as new, high_authority_backlinks as high, spam_backlinks as toxic, n_authority,
       round(avg_authority * n_authority) as sum_authority
from mv_daily_backlink_stats
cross join lateral (select sum(links) as n_authority from unnest(authority_bands) links) a
where target_domain_name = :target and day <= :end and new_backlinks > 0"""
_GONE = """
select day, sum(n) as lost, sum(n_high) as lost_high from rollup_backlinks_lost_daily
where target_domain_name = :target and day <= :end and (cast(:reason as text) is null or lost_reason = :reason)
group by day"""


def _days_from_sets(connection: Connection, question: Question) -> pd.DataFrame:
    sets = in_sets(question.filters)
    found, gone, values = _FOUND, _GONE, sets.binds
    if question.filters.answered_from == "sets":
        found, gone, values = from_sets.days_of(question)
    return frame(
        connection,
        f"""
        with found as ({found}), gone as ({gone}),
        first as (
          select (first_seen at time zone 'UTC')::date as day, count(*) as domains
          from (select source_domain_name, min(first_seen) as first_seen from {sets.sources}
                where target_domain_name = :target and {sets.wanted} group by 1) s
          where first_seen < :close group by 1)
        select day, coalesce(new, 0)::bigint as new, coalesce(high, 0)::bigint as high,
               coalesce(toxic, 0)::bigint as toxic, coalesce(n_authority, 0)::bigint as n_authority,
               coalesce(sum_authority, 0)::bigint as sum_authority,
               coalesce(lost, 0)::bigint as lost, coalesce(lost_high, 0)::bigint as lost_high,
               coalesce(domains, 0)::bigint as domains
        from found full join gone using (day) full join first using (day) order by day""",
        **values,
        target=question.target,
        end=question.end,
        close=question.close,
        reason=question.filters.reason,
    )


def get_last_day(connection: Connection, question: Question) -> Day:
    """What came and went in the 24 hours before the end of the range, to the second."""
    where, values = matching([question.target], question.filters)
    row = connection.execute(
        text(f"""
        with came as (select b.discovered_date > :day_from as last, is_high_authority(b.domain_authority) as high
                      from backlinks b where {where} and b.discovered_date > :before_from
                        and b.discovered_date <= :day_to),
             went as (select b.lost_date > :day_from as last, is_high_authority(b.domain_authority) as high
                      from backlinks b where {where} and b.lost_date > :before_from and b.lost_date <= :day_to
                        and (cast(:reason as text) is null or b.lost_reason = :reason))
        select * from
          (select count(*) filter (where last), count(*) filter (where last and high) from came) a (new, high),
          (select count(*) filter (where last), count(*) filter (where last and high) from went) b (lost, lost_high),
          (select count(*) filter (where not last) from came) c (new_before),
          (select count(*) filter (where not last) from went) d (lost_before)"""),
        values | _days_before(question) | {"reason": question.filters.reason},
    ).one()
    return Day(*row)


def _days_before(question: Question) -> dict[str, datetime]:
    end, day = question.until, timedelta(days=1)
    return {"day_from": end - day, "day_to": end, "before_from": end - 2 * day}
