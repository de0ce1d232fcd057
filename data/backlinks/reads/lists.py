"""The links themselves: anchors, the lost, the newest, and what marks the bad ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.backlinks.analysis.recovery import RECOVERABILITY, UNKNOWN
from data.backlinks.frames import ANCHORS, LOST, RECENT
from data.backlinks.reads import from_links
from data.backlinks.reads.competitors import counted
from data.backlinks.reads.matching import TEXTS, in_sets, matching
from data.db import frame

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.backlinks.inputs import Question

BLIPS, MARKED = 200, 20_000
# What the indexes hold of a lost link: the rest is looked up of those that are shown.
_KEYS = "b.target_domain_name, b.discovered_date, b.backlink_id, b.domain_authority, b.lost_reason, b.link_state"


def list_anchors(connection: Connection, question: Question) -> pd.DataFrame:
    """The texts of the links found in the range, those with the most referring domains first.

    `authority` is the best of them, `toxic` the domains with a bad link of that text; `attrs` has `count` of all texts
    and `links` of all of them.
    """
    read = from_links.list_anchors if question.filters.answered_from == "links" else _anchors
    found = read(connection, question)
    return counted(counted(found, "texts"), "all_links", "links")[list(ANCHORS)]


def _anchors(connection: Connection, question: Question) -> pd.DataFrame:
    """From the sets of hours, which keep the first 200 characters of an anchor."""
    sets = in_sets(question.filters)
    return frame(
        connection,
        TEXTS.format(
            pairs=f"""
            select anchor, source_domain_name as source, sum(links) as links,
                   max(authority) filter (where authority >= 0) as authority, sum(toxic) as toxic,
                   min(first_seen) as first_seen, max(last_seen) as last_seen
            from {sets.hours}
            where target_domain_name = :target and hour >= :since and hour < :close and {sets.wanted} group by 1, 2"""
        ),
        **sets.binds,
        target=question.target,
        since=question.since,
        close=question.close,
        rows=question.rows,
    )


def list_lost(connection: Connection, question: Question) -> pd.DataFrame:
    """The links lost in the range and those that are missed now, the most valuable first
    (`data/backlinks/analysis/recovery.py`).

    `lost_at` of a suspected one is when it was first missed; `attrs` has `count` and `suspected` of all there are.
    """
    where, values = matching([question.target], question.filters)
    found = frame(
        connection,
        f"""
        with gone as (
          select {_KEYS}, b.lost_date as lost_at from backlinks b
          where {where} and b.lost_date >= :since and b.lost_date < :close
            and (cast(:reason as text) is null or b.lost_reason = :reason)
          union all
          select {_KEYS}, b.suspected_at from backlinks b
          where {where} and b.link_state = 'suspected'
            and b.suspected_at >= :since and b.suspected_at < :close and cast(:reason as text) is null),
        best as (
          select g.*, w.chance, round(coalesce(g.domain_authority, 0) * w.chance, 1) as value,
                 count(*) over () as all_rows, count(*) filter (where g.link_state = 'suspected') over () as suspected
          from gone g left join unnest(cast(:reasons as text[]), cast(:chances as numeric[])) r (reason, chance)
            on r.reason = g.lost_reason
          cross join lateral (select coalesce(r.chance, cast(:unknown as numeric)) as chance) w
          order by value desc, g.lost_at desc, g.backlink_id desc limit :rows)
        select g.backlink_id as id, b.url_from, b.url_to, b.source_domain_name as source,
               g.domain_authority as authority, g.lost_reason as reason, g.link_state as state, g.lost_at,
               g.chance::float8 as recoverability, g.value::float8 as value, b.simulated, g.all_rows, g.suspected
        from best g cross join lateral (
          select * from backlinks b where b.target_domain_name = g.target_domain_name
            and b.discovered_date = g.discovered_date and b.backlink_id = g.backlink_id limit 1) b
        order by g.value desc, g.lost_at desc, g.backlink_id desc""",
        **values,
        since=question.since,
        close=question.close,
        reason=question.filters.reason,
        reasons=list(RECOVERABILITY),
        chances=list(RECOVERABILITY.values()),
        unknown=UNKNOWN,
        rows=question.rows,
    )
    return counted(counted(found, "all_rows"), "suspected", "suspected")[list(LOST)]


# Of links that are counted, the days with the newest of them: no more than it takes.
_NEWEST_DAYS = """
select target, day::timestamp at time zone 'UTC' as first, (day + 1)::timestamp at time zone 'UTC' as after
from (
  select target_domain_name as target, day,
         sum(sum(n)) over (partition by target_domain_name order by day desc) - sum(n) as newer
  from {sets.days} where target_domain_name = any(:targets) and day between :start and :end and band >= 0
    and {sets.wanted} group by 1, 2 having sum(n) > 0) d
where newer < :rows"""


def list_recent(connection: Connection, question: Question) -> pd.DataFrame:
    """The newest links of the range to the target and its rivals; a page shows BLIPS of them."""
    where, values = matching(question.everyone, question.filters)
    places, within = "select unnest(cast(:targets as text[])) as target", ""
    if question.filters.answered_from == "sets":
        sets = in_sets(question.filters)
        places, within = (
            _NEWEST_DAYS.format(sets=sets),
            "and b.discovered_date >= s.first and b.discovered_date < s.after",
        )
        values |= sets.binds | {"start": question.start, "end": question.end}
    found = frame(
        connection,
        f"""
        with places as materialized ({places})
        select n.* from places s cross join lateral (
          select b.discovered_date as at, b.target_domain_name as target, b.source_domain_name as source,
                 b.domain_authority as authority, b.spam_score as spam
          from backlinks b where b.target_domain_name = s.target and {where} and b.domain_authority is not null
            and b.discovered_date >= :since and b.discovered_date < :close {within}
          order by b.discovered_date desc limit :rows) n
        order by n.at desc limit :rows""",
        **values,
        since=question.since,
        close=question.close,
        rows=question.rows,
    )
    return found[list(RECENT)]


def list_marked(connection: Connection, question: Question) -> pd.DataFrame:
    """What marks the links of `toxic`, a row a link: source, anchor (its first 200 characters), authority, found, rel.

    From the sets, which know no more of `rel` than whether it is plain; `found` is the first one of its hour.
    """
    if question.filters.answered_from == "links":
        return list_toxic(connection, question)
    sets, most = in_sets(question.filters), max(MARKED, question.rows)
    found = frame(
        connection,
        f"""
        select source_domain_name as source, anchor, nullif(authority, -1) as authority, first_seen as found,
               case when kind > 0 then 'nofollow' end as rel, toxic, simulated
        from {sets.hours}
        where target_domain_name = :target and hour >= :since and hour < :close and toxic > 0 and {sets.wanted}
        order by hour desc limit :rows""",
        **sets.binds,
        target=question.target,
        since=question.since,
        close=question.close,
        rows=most,
    )
    return found.loc[found.index.repeat(found["toxic"])].head(most).reset_index(drop=True)


def list_toxic(connection: Connection, question: Question) -> pd.DataFrame:
    """The toxic links found in the range: source, anchor, authority, url_to.

    A page looks at MARKED of them.
    """
    where, values = matching([question.target], question.filters)
    return frame(
        connection,
        f"""
        select b.source_domain_name as source, coalesce(b.anchor, '') as anchor, b.domain_authority as authority,
               b.url_to, b.discovered_date as found, b.spam_score as spam, b.rel, b.simulated
        from backlinks b where {where} and is_toxic(b.spam_score)
          and b.discovered_date >= :since and b.discovered_date < :close
        order by b.discovered_date desc limit :rows""",
        **values,
        since=question.since,
        close=question.close,
        rows=question.rows,
    )
