"""The links themselves: anchors, the lost, the newest, and what marks the bad ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.backlinks.frames import ANCHORS, RECENT
from data.backlinks.reads.matching import matching
from data.backlinks.reads.totals import TOXIC
from data.db import frame

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Connection

    from data.backlinks.inputs import Question

ROWS, BLIPS = 500, 200


def anchors(connection: Connection, question: Question) -> pd.DataFrame:
    """The texts of the links found in the range, those with the most referring domains first."""
    where, values = matching([question.target], question.filters)
    found = frame(
        connection,
        f"""
        select coalesce(b.anchor, '') as anchor, count(*) as links, count(distinct b.source_domain_name) as domains,
               avg(b.domain_authority)::float8 as authority, count(*) filter (where b.spam_score >= :toxic) as toxic,
               min(b.discovered_date) as first_seen, max(b.last_seen) as last_seen
        from backlinks b where {where} and b.discovered_date >= :since and b.discovered_date < :close
        group by 1 order by domains desc, links desc, anchor limit :rows""",
        **values,
        since=question.since,
        close=question.close,
        toxic=TOXIC,
        rows=ROWS,
    )
    return found[list(ANCHORS)]


def lost(connection: Connection, question: Question) -> pd.DataFrame:
    """The links lost in the range: id, url_from, url_to, source, authority, reason, lost_at."""
    where, values = matching([question.target], question.filters)
    return frame(
        connection,
        f"""
        select b.backlink_id as id, b.url_from, b.url_to, b.source_domain_name as source,
               b.domain_authority as authority, b.lost_reason as reason, b.lost_date as lost_at
        from backlinks b where {where} and b.lost_date >= :since and b.lost_date < :close
          and (cast(:reason as text) is null or b.lost_reason = :reason)
        order by b.lost_date desc, b.backlink_id desc limit 5000""",
        **values,
        since=question.since,
        close=question.close,
        reason=question.filters.reason,
    )


def recent(connection: Connection, question: Question) -> pd.DataFrame:
    """The newest links of the range to the target and its rivals."""
    where, values = matching(question.everyone, question.filters)
    found = frame(
        connection,
        f"""
        select b.discovered_date as at, b.target_domain_name as target, b.source_domain_name as source,
               b.domain_authority as authority, b.spam_score as spam
        from backlinks b where {where} and b.domain_authority is not null
          and b.discovered_date >= :since and b.discovered_date < :close
        order by b.discovered_date desc limit :rows""",
        **values,
        since=question.since,
        close=question.close,
        rows=BLIPS,
    )
    return found[list(RECENT)]


def toxic(connection: Connection, question: Question) -> pd.DataFrame:
    """The links found in the range with a spam score of 60 and more: source, anchor, authority, url_to."""
    where, values = matching([question.target], question.filters)
    return frame(
        connection,
        f"""
        select b.source_domain_name as source, coalesce(b.anchor, '') as anchor, b.domain_authority as authority,
               b.url_to, b.discovered_date as found, b.rel
        from backlinks b where {where} and b.spam_score >= :toxic
          and b.discovered_date >= :since and b.discovered_date < :close
        order by b.discovered_date desc limit 20000""",
        **values,
        since=question.since,
        close=question.close,
        toxic=TOXIC,
    )
