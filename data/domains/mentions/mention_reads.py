"""Where brands are spoken of: the mentions themselves, their days, and the feeds they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.db import frame
from data.domains.frames import MENTIONS_DAILY

if TYPE_CHECKING:
    from datetime import date, datetime

    import pandas as pd
    from sqlalchemy import Connection

    from data.domains.inputs import MentionFilters

Row = dict[str, Any]


def list_newest(
    connection: Connection,
    wanted: MentionFilters,
    span: tuple[datetime, datetime],
    *,
    limit: int,
    after: tuple[datetime, int] | None = None,
) -> list[Row]:
    """Mentions of `span`, the newest first; `after` is (published_at, mention_id) of the last row before."""
    where = ["published_at >= :start", "published_at < :end"]
    values = {"start": span[0], "end": span[1], "limit": limit}
    for name in ("brand", "source_kind", "domain_name"):
        if (value := getattr(wanted, name)) is not None:
            where.append(f"{name} = :{name}")
            values[name] = value
    if wanted.tone:
        where.append("sentiment_tone(sentiment) = :tone")
        values["tone"] = wanted.tone
    if after:
        where.append("(published_at, mention_id) < (:at, :id)")
        values |= {"at": after[0], "id": after[1]}
    rows = connection.execute(
        text(f"""select mention_id, brand, published_at, url, domain_name, title, excerpt, author, source, source_kind,
                   sentiment, reach, language, last_fetched_at, simulated,
                   coalesce(extra @> '{{"date_unknown": true}}', false) as date_unknown
                 from brand_mentions where {" and ".join(where)}
                 order by published_at desc, mention_id desc limit :limit"""),
        values,
    )
    return [dict(row) for row in rows.mappings()]


_DAILY = f"""select {", ".join(MENTIONS_DAILY)} from (
  select day, brand, sum(n)::bigint as mentions, sum(n_positive)::bigint as positive,
    sum(n_negative)::bigint as negative, sum(n_sentiment - n_positive - n_negative)::bigint as neutral,
    sum(sum_sentiment) / nullif(sum(n_sentiment), 0)::float8 as sentiment, sum(sum_reach)::bigint as reach,
    bool_or(simulated) as simulated
  from rollup_mentions_daily
  where day between :start and :end and (cast(:brand as text) is null or brand = :brand)
    and (cast(:kind as text) is null or source_kind = :kind)
  group by day, brand) t order by day, brand"""


def count_daily(connection: Connection, wanted: MentionFilters, start: date, end: date) -> pd.DataFrame:
    """A row a day and brand, both ends included; `sentiment` is the mean of those mentions that have one."""
    return frame(connection, _DAILY, start=start, end=end, brand=wanted.brand, kind=wanted.source_kind)


def list_daily(connection: Connection, wanted: MentionFilters, start: date, end: date) -> list[Row]:
    values = {"start": start, "end": end, "brand": wanted.brand, "kind": wanted.source_kind}
    return [dict(row) for row in connection.execute(text(_DAILY), values).mappings()]


def list_brands_seen(connection: Connection, start: date, end: date) -> list[Row]:
    """Each brand's mentions in the range, the most first; brands that are watched and silent too."""
    rows = connection.execute(
        text("""
        select brand, coalesce(sum(n), 0)::bigint as mentions, coalesce(sum(n_positive), 0)::bigint as positive,
          coalesce(sum(n_negative), 0)::bigint as negative,
          sum(sum_sentiment) / nullif(sum(n_sentiment), 0)::float8 as sentiment,
          bool_or(w.added_at is not null) as watched, coalesce(bool_or(r.simulated), false) as simulated
        from (select * from rollup_mentions_daily where day between :start and :end) r
        full join watched_brands w using (brand)
        group by brand order by 2 desc, brand limit 200"""),
        {"start": start, "end": end},
    )
    return [dict(row) for row in rows.mappings()]


def list_feeds(connection: Connection) -> list[Row]:
    """The feeds with what they last said, the failing ones first."""
    rows = connection.execute(
        text("""select feed_id, url, source_kind, added_by, added_at, due_at, last_fetched_at, outcome, detail,
                  failures, entries, mentions, dropped, dropped_why
                from mention_feeds order by outcome = 'failed' desc nulls last, feed_id limit 500""")
    )
    return [dict(row) for row in rows.mappings()]
