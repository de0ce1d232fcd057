"""What the watch over the links asks: counts by day from the roll-ups, and the links of few suspicious days."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.backlinks.signals.rules import EXPLAINING

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection

HISTORY = 64  # days: eight weeks before the oldest day that is watched
# Endings of names that are cheap or free, and that unwanted links come from far out of proportion.
CHEAP_ENDINGS = (
    *("top", "xyz", "click", "icu", "buzz", "cheap", "cf", "ga", "gq", "ml", "tk", "loan", "win", "bid", "cyou"),
    *("rest", "sbs", "cfd", "quest", "monster", "work", "date", "racing", "stream", "download", "casa", "bar"),
)


@dataclass
class Target:
    """New links a day, of all kinds and of spam."""

    links: dict[date, int] = field(default_factory=dict)
    spam: dict[date, int] = field(default_factory=dict)


def list_targets(connection: Connection, today: date) -> dict[str, Target]:
    rows = connection.execute(
        text("""select target_domain_name, day, n, n_spam from rollup_backlinks_daily
                where day > :since and day <= :today"""),
        {"since": today - timedelta(days=HISTORY), "today": today},
    )
    found: dict[str, Target] = {}
    for name, day, n, spam in rows:
        target = found.setdefault(name, Target())
        target.links[day] = n
        target.spam[day] = spam
    return found


def last_day(connection: Connection, now: datetime) -> dict[str, tuple[int, int]]:
    """New links and spam of the last 24 hours by target: a flood may begin before midnight."""
    rows = connection.execute(
        text("""select target_domain_name, sum(n)::bigint, sum(n_spam)::bigint from rollup_backlinks_hourly
                where hour > :since and hour <= :now group by 1"""),
        {"since": now - timedelta(hours=24), "now": now},
    )
    return {name: (n, spam) for name, n, spam in rows}


def list_logged(connection: Connection, since: date) -> list[dict[str, Any]]:
    """What was written down of the days after `since`."""
    rows = connection.execute(
        text("""select kind, target_domain_name as target, day, severity, score, title, detail, evidence, muted_by,
                  simulated from backlink_signal_log where day > :since"""),
        {"since": since},
    )
    return [dict(row) for row in rows.mappings()]


def own_domains(connection: Connection) -> set[str]:
    return set(connection.scalars(text("select distinct own_domain from competitor_sets")))


def find_causes(connection: Connection, target: str, since: datetime, until: datetime) -> dict[str, Any]:
    """What explains the new links of a target in a time: domains, anchors, pages, endings of names, spam."""
    row = connection.execute(
        text("""
        with links as (
          select source_domain_name as source, coalesce(anchor, '') as anchor, url_to, spam_score, simulated
          from backlinks where target_domain_name = :target and discovered_date >= :since and discovered_date < :until)
        select
          (select count(*) from links) as links,
          (select count(distinct source) from links) as domains,
          (select count(*) from links where is_toxic(spam_score)) as spam,
          (select coalesce(bool_and(simulated), false) from links) as simulated,
          (select coalesce(jsonb_agg(jsonb_build_object('domain', source, 'links', n, 'spam', spam) order by n desc,
             source), '[]') from (select source, count(*) as n, max(spam_score) as spam from links group by 1
                                  order by n desc, source limit :few) d) as sources,
          (select coalesce(jsonb_agg(jsonb_build_object('anchor', anchor, 'links', n) order by n desc, anchor), '[]')
             from (select anchor, count(*) as n from links group by 1 order by n desc, anchor limit :few) a) as anchors,
          (select coalesce(jsonb_agg(jsonb_build_object('url', url_to, 'links', n) order by n desc, url_to), '[]')
             from (select url_to, count(*) as n from links group by 1 order by n desc, url_to limit :few) p) as pages,
          (select coalesce(jsonb_agg(jsonb_build_object('ending', e, 'links', n) order by n desc, e), '[]')
             from (select substring(source from '[^.]*$') as e, count(*) as n from links group by 1
                   order by n desc, e limit :few) t) as endings,
          (select count(*) from links where substring(source from '[^.]*$') = any(:cheap)) as cheap
        """),
        {"target": target, "since": since, "until": until, "few": EXPLAINING, "cheap": list(CHEAP_ENDINGS)},
    )
    return dict(row.mappings().one())


def list_signals(connection: Connection, since: datetime, limit: int, kind: str | None = None) -> list[dict[str, Any]]:
    """The newest signals."""
    rows = connection.execute(
        text("""select id, kind, target, at, day, severity, score, title, detail, evidence, simulated
                from backlink_signals where at >= :since and (cast(:kind as text) is null or kind = :kind)
                order by at desc, id desc limit :limit"""),
        {"since": since, "limit": limit, "kind": kind},
    )
    return [dict(row) for row in rows.mappings()]


def count_precision(connection: Connection, since: datetime) -> tuple[int, int]:
    """How many suspicions that were settled since then were right, and how many were not."""
    row = connection.execute(
        text("""select count(*) filter (where verdict = 'confirmed') as confirmed,
                  count(*) filter (where verdict = 'cleared') as cleared
                from backlink_link_checks where checked_at >= :since"""),
        {"since": since},
    ).one()
    return row.confirmed, row.cleared
