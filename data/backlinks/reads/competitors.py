"""One domain beside its rivals: authority, size, pace, shared referring domains."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from data.backlinks.frames import BANDS, BOARD, INTERSECT
from data.backlinks.platforms import PLATFORMS
from data.backlinks.reads import from_links, from_sets
from data.backlinks.reads.matching import in_sets
from data.db import frame

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.backlinks.inputs import Question


def list_bands(connection: Connection, question: Question) -> pd.DataFrame:
    """Links found in the range by target and band of authority (0 is 0–9, 9 is 90–100); no row where there is none."""
    reads = {"days": _bands_from_days, "sets": from_sets.list_bands, "links": from_links.list_bands}
    return reads[question.filters.answered_from](connection, question)[list(BANDS)]


def _bands_from_days(connection: Connection, question: Question) -> pd.DataFrame:
    return frame(
        connection,
        """select s.target_domain_name as target, b.place::int - 1 as band, sum(b.links)::bigint as links
           from mv_daily_backlink_stats s, unnest(s.authority_bands) with ordinality b (links, place)
           where s.target_domain_name = any(:everyone) and s.day between :start and :end and b.links > 0
           group by 1, 2 order by 1, 2""",
        everyone=question.everyone,
        start=question.start,
        end=question.end,
    )


def list_competitors(connection: Connection, question: Question) -> pd.DataFrame:
    """One row a domain that any link leads to, up to the end of the range; the target first, then the largest.

    `delta` is found less lost in the last seven days of the range, `overlap` the share (0–1) of its referring domains
    that link to the target too, `trend` the links found on each day of the range.
    """
    known = question.filters.answered_from
    found = (from_links.list_competitors if known == "links" else _competitors_from_sets)(connection, question)
    reads = {"days": _found_by_day, "sets": from_sets.list_found_by_day, "links": from_links.list_found_by_day}
    by_day = reads[known](connection, question)
    found["trend"] = [trend(by_day, domain, question) for domain in found["domain"]]
    return found[list(BOARD)]


_DAYS = """
select s.target_domain_name as domain, sum(new_backlinks)::bigint as links,
       sum(avg_authority * m.n) / nullif(sum(m.n), 0)::float8 as authority,
       sum(new_backlinks - lost_backlinks) filter (where day >= :week)::bigint as delta
from mv_daily_backlink_stats s
cross join lateral (select sum(links)::float8 as n from unnest(s.authority_bands) links) m
where s.target_domain_name = any(:everyone) and day <= :end group by 1"""


def _competitors_from_sets(connection: Connection, question: Question) -> pd.DataFrame:
    sets = in_sets(question.filters)
    days, values = from_sets.board_days(question) if question.filters.answered_from == "sets" else (_DAYS, sets.binds)
    return frame(
        connection,
        f"""
        with days as ({days}),
        pairs as materialized (
          select distinct target_domain_name as domain, source_domain_name as source from {sets.sources}
          where target_domain_name = any(:everyone) and first_seen < :close and {sets.wanted}),
        shared as (
          select p.domain, count(*) as domains, count(o.source) as shared from pairs p
          left join pairs o on o.source = p.source and o.domain = :target group by 1)
        select d.domain, d.links, s.domains, d.authority, coalesce(d.delta, 0) as delta,
               s.shared::float8 / s.domains as overlap, d.domain = :target as own
        from days d join shared s using (domain) where d.links > 0
        order by own desc, links desc, d.domain""",
        **values,
        everyone=question.everyone,
        end=question.end,
        close=question.close,
        week=question.end - timedelta(days=6),
        target=question.target,
    )


def _found_by_day(connection: Connection, question: Question) -> pd.DataFrame:
    """target, day, links: found on each day of the range on which there were any."""
    return frame(
        connection,
        """select target_domain_name as target, day, new_backlinks as links from mv_daily_backlink_stats
           where target_domain_name = any(:everyone) and day between :start and :end""",
        everyone=question.everyone,
        start=question.start,
        end=question.end,
    )


def trend(by_day: pd.DataFrame, domain: str, question: Question) -> list[int]:
    """The links of each day of the range, oldest first."""
    found = dict(by_day.loc[by_day["target"] == domain, ["day", "links"]].itertuples(index=False, name=None))
    days = (question.start + timedelta(days=n) for n in range(question.days))
    return [int(found.get(day, 0)) for day in days]


def list_intersection(connection: Connection, question: Question) -> pd.DataFrame:
    """Domains that link to at least `overlap` rivals and never to the target; most rivals first, then authority.

    Each stands for what it linked up to the end of the range; `attrs["count"]` is how many there are in all.
    """
    by_links = question.filters.answered_from == "links"
    referring, values = from_links.referring_sql(question) if by_links else _referring(question)
    found = frame(
        connection,
        f"""
        with r as ({referring})
        select source, count(*) as overlap, max(authority) as authority, sum(links)::bigint as links,
               min(first_seen) as first_seen, array_agg(target order by target) as rivals, count(*) over () as all_rows
        from r
        where (:platforms or source <> all(:known)) and source <> all(:everyone)
          and not exists (select from backlink_target_sources o where o.target_domain_name = :target
                          and o.source_domain_name = r.source and o.first_seen < :close)
        group by source having count(*) >= :least
        order by overlap desc, authority desc nulls last, links desc, source limit :rows""",
        **values,
        close=question.close,
        target=question.target,
        everyone=question.everyone,
        platforms=question.platforms,
        known=list(PLATFORMS),
        least=question.overlap,
        rows=question.rows,
    )
    return counted(found, "all_rows")[list(INTERSECT)]


def _referring(question: Question) -> tuple[str, dict[str, Any]]:
    sets = in_sets(question.filters)
    return (
        f"""select target_domain_name as target, source_domain_name as source, sum(links) as links,
                   max(max_authority) as authority, min(first_seen) as first_seen
            from {sets.sources}
            where target_domain_name = any(:rivals) and first_seen < :close and {sets.wanted} group by 1, 2""",
        sets.binds | {"rivals": list(question.rivals)},
    )


def counted(found: pd.DataFrame, column: str, name: str = "count") -> pd.DataFrame:
    """Keeps in `attrs` what every row repeats: how many there are, when the rows end at a limit."""
    found.attrs[name] = 0 if found.empty else int(found[column].iloc[0])
    return found
