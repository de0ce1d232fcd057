"""What rules of alerts may ask about links: what their own watch has found in the last day."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data.backlinks.rules import HIGH_AUTHORITY
from data.signal import Sample, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from data.signal import Asked

DAY = timedelta(hours=24)


def scored(kind: str) -> Callable[[Asked], Iterator[Sample]]:
    """The highest score of a kind of signal by target."""

    def read(asked: Asked) -> Iterator[Sample]:
        rows = asked.connection.execute(
            text("""select distinct on (target_domain_name) target_domain_name as target, score, detail, simulated
                    from backlink_signal_log where kind = :kind and muted_by is null and raised_at > :since
                    order by target_domain_name, score desc nulls last"""),
            {"kind": kind, "since": asked.now - DAY},
        )
        for row in rows:
            yield Sample(float(row.score or 0), {"target": row.target}, row.detail[:300], simulated=row.simulated)

    return read


def listed(kind: str) -> Callable[[Asked], Iterator[Sample]]:
    """How many of a kind by target, with the words of the newest."""

    def read(asked: Asked) -> Iterator[Sample]:
        rows = asked.connection.execute(
            text("""select target, count(*)::float8 as n, bool_and(simulated) as simulated,
                           (array_agg(detail order by at desc))[1] as detail
                    from backlink_signals where kind = :kind and at > :since group by target"""),
            {"kind": kind, "since": asked.now - DAY},
        )
        for row in rows:
            yield Sample(row.n, {"target": row.target}, row.detail[:300], simulated=row.simulated)

    return read


def new_links(asked: Asked) -> Iterator[Sample]:
    rows = asked.connection.execute(
        text("""select target_domain_name as target, sum(n)::float8 as n, bool_and(simulated) as simulated
                from rollup_backlinks_hourly where hour > :since and hour <= :now group by 1
                order by n desc limit 500"""),
        {"since": asked.now - DAY, "now": asked.now},
    )
    for row in rows:
        yield Sample(row.n, {"target": row.target}, simulated=row.simulated)


_BY, _EVERY_S = ("target",), 30
SIGNALS = (
    Signal(
        "spam_score_influx",
        "Score of a flood of spam links, 0 to 100",
        labels=_BY,
        every_s=_EVERY_S,
        read=scored("spam_influx"),
    ),
    Signal(
        "competitor_surge",
        "New links of a rival against its ordinary day",
        "×",
        labels=_BY,
        every_s=_EVERY_S,
        read=scored("competitor_surge"),
    ),
    Signal(
        "index_update",
        "The whole index jumped, not a domain",
        "×",
        labels=_BY,
        every_s=_EVERY_S,
        read=scored("index_update"),
    ),
    Signal(
        "lost_links",
        "Links of high authority lost in 24 h",
        "links",
        labels=_BY,
        every_s=_EVERY_S,
        read=listed("lost_high_authority_link"),
    ),
    Signal(
        "high_authority_links",
        f"New links of an authority above {HIGH_AUTHORITY} in 24 h",
        "links",
        labels=_BY,
        every_s=_EVERY_S,
        read=listed("high_authority_link"),
    ),
    Signal("new_links", "New links in 24 h", "links", labels=_BY, every_s=_EVERY_S, read=new_links),
)
