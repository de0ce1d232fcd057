"""What domains are worth by our own weights: read what is known, ask the rules, keep the answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import text

from data.domains import rules
from data.domains.rules import USUAL_WEIGHTS, Known, Valuation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

AT_ONCE = 500


class Weighing(NamedTuple):
    """Version 0 are the usual weights, of nobody."""

    version: int
    weights: dict[str, float]
    changed_by: str | None = None
    changed_at: datetime | None = None


def weighing(connection: Connection) -> Weighing:
    row = connection.execute(
        text("select version, weights, changed_by, changed_at from domain_value_weights order by version desc limit 1")
    ).first()
    if row is None:
        return Weighing(0, dict(USUAL_WEIGHTS))
    return Weighing(row.version, USUAL_WEIGHTS | row.weights, row.changed_by, row.changed_at)


def known(connection: Connection, names: Sequence[str]) -> list[Known]:
    """What is known of these domains, in their order; one that we never heard of has its name alone."""
    rows = connection.execute(
        text("""
        select n.domain_name, d.domain_authority as authority, t.domains as referring_domains, r.links,
          r.link_authority, r.spam_share, d.spam_score, d.registered_at, coalesce(d.concerns, '{}') as concerns
        from unnest(cast(:names as text[])) with ordinality n (domain_name, place)
        left join domains d using (domain_name)
        left join lateral (select sum(live_domains)::bigint as domains from backlink_target_totals t
                           where t.target_domain_name = n.domain_name) t on true
        left join lateral (
          select sum(n)::bigint as links,
            sum(sum_authority)::float8 / nullif(sum(n_authority), 0)::float8 as link_authority,
            sum(n_spam)::float8 / nullif(sum(n), 0)::float8 as spam_share
          from rollup_backlinks_daily r where r.target_domain_name = n.domain_name) r on true
        order by n.place"""),
        {"names": list(names)},
    )
    return [Known(**(dict(row) | {"concerns": tuple(row["concerns"])})) for row in rows.mappings()]


def value(connection: Connection, name: str, now: datetime) -> tuple[Valuation, Weighing]:
    """One domain's worth by the weights that count."""
    weights = weighing(connection)
    return rules.value(known(connection, [name])[0], weights.weights, now), weights


def value_again(connection: Connection, now: datetime, *, most: int = AT_ONCE) -> int:
    """Value the domains for sale of which something changed, or that were valued by other weights; how many."""
    weights = weighing(connection)
    names = connection.scalars(
        text("""
        select domain_name from domains
        where availability_status in ('available', 'expired') and valued_version < :version
        order by valued_version, estimated_value desc nulls last
        limit :most"""),
        {"version": weights.version, "most": most},
    ).all()
    return store(connection, known(connection, names), weights, now) if names else 0


def store(connection: Connection, found: Sequence[Known], weights: Weighing, now: datetime) -> int:
    """Keep these domains' values; where no source reported a value, ours is the estimate."""
    rows = [_row(rules.value(each, weights.weights, now)) for each in found]
    connection.execute(
        text("""
        insert into domain_values (domain_name, version, score, value, low, high, rejected, factors, valued_at,
          simulated)
        select r.domain_name, :version, r.score, r.value, r.low, r.high, r.rejected, r.factors, :now,
          coalesce(d.simulated, false)
        from jsonb_to_recordset(cast(:rows as jsonb)) r (domain_name text, score float8, value numeric, low numeric,
          high numeric, rejected text[], factors jsonb)
        left join domains d using (domain_name) order by r.domain_name
        on conflict (domain_name) do update set version = excluded.version, score = excluded.score,
          value = excluded.value, low = excluded.low, high = excluded.high, rejected = excluded.rejected,
          factors = excluded.factors, valued_at = excluded.valued_at"""),
        {"version": weights.version, "now": now, "rows": orjson.dumps(rows).decode()},
    )
    connection.execute(
        text("""
        update domains d set score = v.score, valued_version = v.version,
          estimated_value = case when d.value_source = 'reported' then d.estimated_value else v.value end,
          value_source = coalesce(d.value_source, 'calculated')
        from domain_values v where v.domain_name = d.domain_name and d.domain_name = any(:names)"""),
        {"names": [each.domain_name for each in found]},
    )
    return len(rows)


def _row(found: Valuation) -> dict[str, Any]:
    return {
        "domain_name": found.domain_name,
        "score": found.score,
        "value": str(found.value),
        "low": str(found.low),
        "high": str(found.high),
        "rejected": [gate.name for gate in found.rejected],
        "factors": [asdict(factor) for factor in found.factors],
    }
