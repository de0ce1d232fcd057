"""What domains are worth by our own weights: read what is known, ask the rules, keep the answer."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import text

from data.domains import rules
from data.domains.rules import USUAL_WEIGHTS, Known, Valuation
from data.domains.valuation.price_curve import ENOUGH_PRICES, GUESS, Price, PriceCurve, calibrate, differs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import Connection

AT_ONCE = 500
PRICES = 2_000  # the newest: enough to learn from
CALIBRATED_FOR = timedelta(minutes=10)


class WeightSet(NamedTuple):
    """Version 0 are the usual weights, of nobody."""

    version: int
    weights: dict[str, float]
    changed_by: str | None = None
    changed_at: datetime | None = None


def get_weights(connection: Connection) -> WeightSet:
    row = connection.execute(
        text("select version, weights, changed_by, changed_at from domain_value_weights order by version desc limit 1")
    ).first()
    if row is None:
        return WeightSet(0, dict(USUAL_WEIGHTS))
    return WeightSet(row.version, USUAL_WEIGHTS | row.weights, row.changed_by, row.changed_at)


def list_known(connection: Connection, names: Sequence[str]) -> list[Known]:
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


def value(connection: Connection, name: str, now: datetime) -> tuple[Valuation, WeightSet]:
    """One domain's worth by the weights that count."""
    weights = get_weights(connection)
    found = _calibration(connection, weights)
    register = found.register if found else GUESS
    return rules.value(list_known(connection, [name])[0], weights.weights, now, register), weights


class Calibration(NamedTuple):
    """What the asking prices taught; a domain that was valued by an older one is valued again."""

    number: int
    register: PriceCurve
    checked_at: datetime


def get_calibration(connection: Connection, weights: WeightSet, now: datetime) -> Calibration:
    """The calibration for these weights, made anew where it is missing, or old and no longer right."""
    last = _calibration(connection, weights)
    if last and now - last.checked_at < CALIBRATED_FOR:
        return last
    register = calibrate(list_prices(connection, now), weights.weights)
    if last and not differs(last.register, register):
        connection.execute(text("update domain_calibrations set checked_at = :now"), {"now": now})
        return last
    connection.execute(text("delete from domain_calibrations"))
    number: int = connection.execute(
        text("""insert into domain_calibrations (weights_version, register, made_at, checked_at)
                values (:version, cast(:register as jsonb), :now, :now) returning calibration"""),
        {"version": weights.version, "register": orjson.dumps(asdict(register)).decode(), "now": now},
    ).scalar_one()
    return Calibration(number, register, now)


def _calibration(connection: Connection, weights: WeightSet) -> Calibration | None:
    row = connection.execute(
        text("""select calibration, register, checked_at from domain_calibrations
                where weights_version = :version order by calibration desc limit 1"""),
        {"version": weights.version},
    ).first()
    return Calibration(row.calibration, PriceCurve(**row.register), row.checked_at) if row else None


def list_prices(connection: Connection, now: datetime) -> list[Price]:
    """The register: the newest domains with an asking price; simulated ones only while there are too few others."""
    rows = connection.execute(
        text("""select domain_name, asking_price, simulated from domains where asking_price > 0
                order by simulated, last_fetched_at desc limit :most"""),
        {"most": PRICES},
    ).all()
    real = [row for row in rows if not row.simulated]
    asked: dict[str, Decimal] = {
        row.domain_name: row.asking_price for row in (real if len(real) >= ENOUGH_PRICES else rows)
    }
    return [rules.price(each, asked[each.domain_name], now) for each in list_known(connection, list(asked))]


def revalue(connection: Connection, now: datetime, *, most: int = AT_ONCE) -> int:
    """Value the domains for sale of which something changed, or that were valued by other weights or by what other
    asking prices taught; how many."""
    weights = get_weights(connection)
    calibration = get_calibration(connection, weights, now)
    names = connection.scalars(
        text("""
        select domain_name from domains
        where availability_status in ('available', 'expired') and valued_version < :number
        order by valued_version, estimated_value desc nulls last
        limit :most"""),
        {"number": calibration.number, "most": most},
    ).all()
    return save(connection, list_known(connection, names), weights, calibration, now) if names else 0


def save(
    connection: Connection, found: Sequence[Known], weights: WeightSet, calibration: Calibration, now: datetime
) -> int:
    """Keep these domains' values; where no source reported a value, ours is the estimate."""
    rows = [_row(rules.value(each, weights.weights, now, calibration.register)) for each in found]
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
        {"version": weights.version, "now": now, "rows": orjson.dumps(rows, default=str).decode()},
    )
    connection.execute(
        text("""
        update domains d set score = v.score, valued_version = :number, fails_checks = cardinality(v.rejected) > 0,
          estimated_value = case when d.value_source = 'reported' then d.estimated_value else v.value end,
          value_source = case when d.value_source = 'reported' then 'reported'
                              when v.value is not null then 'calculated' end
        from domain_values v where v.domain_name = d.domain_name and d.domain_name = any(:names)"""),
        {"number": calibration.number, "names": [each.domain_name for each in found]},
    )
    return len(rows)


def _row(found: Valuation) -> dict[str, Any]:
    return {
        "domain_name": found.domain_name,
        "score": found.score,
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "rejected": [gate.name for gate in found.rejected],
        "factors": [asdict(factor) for factor in found.factors],
    }
