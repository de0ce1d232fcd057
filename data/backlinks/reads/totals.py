"""How many links a domain has, found and lost, day by day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data.backlinks.frames import DAILY
from data.backlinks.reads.matching import matching
from data.backlinks.summary import Day
from data.db import frame

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd
    from sqlalchemy import Connection

    from data.backlinks.inputs import Question

TOXIC, HIGH = 60, 70  # a spam score of 60 and more; an authority above 70


def targets(connection: Connection, limit: int = 500) -> list[str]:
    """The domains that links were found to, those with the most first."""
    rows = connection.execute(
        text("""select target_domain_name from rollup_backlinks_daily
                group by 1 order by sum(n) desc, 1 limit :limit"""),
        {"limit": limit},
    )
    return [str(name) for name in rows.scalars()]


def known(connection: Connection, target: str) -> bool:
    """Whether a link to it was ever found."""
    return bool(
        connection.scalar(
            text("select exists (select from rollup_backlinks_daily where target_domain_name = :target)"),
            {"target": target},
        )
    )


def daily(connection: Connection, question: Question) -> pd.DataFrame:
    """One row a day (UTC) on which anything happened, from the first link to the end of the range.

    `new`, `high`, `toxic`, `n_authority`, `sum_authority` by day of discovery, `lost` and `lost_high` by day of loss,
    `domains` by the day on which a referring domain linked for the first time.
    """
    where, values = matching([question.target], question.filters)
    found = frame(
        connection,
        f"""
        with hit as materialized (
          select b.discovered_date, b.lost_date, b.domain_authority, b.spam_score, b.source_domain_name
          from backlinks b where {where} and b.discovered_date < :close)
        select day, sum(new)::bigint as new, sum(high)::bigint as high, sum(toxic)::bigint as toxic,
               sum(n_authority)::bigint as n_authority, sum(sum_authority)::bigint as sum_authority,
               sum(lost)::bigint as lost, sum(lost_high)::bigint as lost_high, sum(domains)::bigint as domains
        from (
          select (discovered_date at time zone 'UTC')::date as day, count(*) as new,
                 count(*) filter (where domain_authority > :above) as high,
                 count(*) filter (where spam_score >= :toxic) as toxic, count(domain_authority) as n_authority,
                 coalesce(sum(domain_authority), 0) as sum_authority, 0 as lost, 0 as lost_high, 0 as domains
          from hit group by 1
          union all
          select (lost_date at time zone 'UTC')::date, 0, 0, 0, 0, 0, count(*),
                 count(*) filter (where domain_authority > :above), 0
          from hit where lost_date < :close group by 1
          union all
          select (first at time zone 'UTC')::date, 0, 0, 0, 0, 0, 0, 0, count(*)
          from (select min(discovered_date) as first from hit group by source_domain_name) s group by 1
        ) days group by 1 order by 1""",
        **values,
        close=question.close,
        above=HIGH,
        toxic=TOXIC,
    )
    return found[list(DAILY)]


def last_day(connection: Connection, question: Question) -> Day:
    """What came and went in the 24 hours before the end of the range, to the second."""
    where, values = matching([question.target], question.filters)
    row = connection.execute(
        text(f"""
        select count(*) filter (where {_within("discovered_date", "day")}) as new,
               count(*) filter (where {_within("discovered_date", "day")} and b.domain_authority > :above) as high,
               count(*) filter (where {_within("lost_date", "day")}) as lost,
               count(*) filter (where {_within("lost_date", "day")} and b.domain_authority > :above) as lost_high,
               count(*) filter (where {_within("discovered_date", "before")}) as new_before,
               count(*) filter (where {_within("lost_date", "before")}) as lost_before
        from backlinks b where {where} and (
          (b.discovered_date > :before_from and b.discovered_date <= :day_to)
          or (b.lost_date > :before_from and b.lost_date <= :day_to))"""),
        values | _days_before(question) | {"above": HIGH},
    ).one()
    return Day(*row)


def _within(column: str, which: str) -> str:
    return f"b.{column} > :{which}_from and b.{column} <= :{which}_to"


def _days_before(question: Question) -> dict[str, datetime]:
    end, day = question.until, timedelta(days=1)
    return {"day_from": end - day, "day_to": end, "before_from": end - 2 * day, "before_to": end - day}
