"""What is asked of alerts: lists, one with its timeline, groups for the wall, and what became of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.errors import NotFound

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

GROUPS = 50
_COLUMNS = """id, rule, severity, state, labels, fingerprint, group_key as "group", value, message, actions,
  started_at, fired_at, resolved_at, resolved_by, last_evaluated_at, acknowledged_at, acknowledged_by, simulated"""
_ALIVE = "resolved_at is null and state <> 'inactive'"
_OPEN = "resolved_at is null and state not in ('inactive', 'pending')"


def alerts(  # noqa: PLR0913 — a filter each
    connection: Connection,
    *,
    limit: int,
    before: int | None = None,
    state: str | None = None,
    severity: str | None = None,
    rule: str | None = None,
    group: str | None = None,
    open_only: bool = False,
) -> list[dict[str, Any]]:
    """The newest first. Those that never fired and are over are left out unless their state is asked for."""
    where = ["state <> 'inactive'"] if state is None else ["state = :state"]
    where += ["id < :before"] if before is not None else []
    where += ["severity = :severity"] if severity else []
    where += ["rule = :rule"] if rule else []
    where += ["group_key = :group"] if group else []
    where += [_OPEN] if open_only else []
    rows = connection.execute(
        text(f"select {_COLUMNS} from alerts where {' and '.join(where)} order by id desc limit :limit"),
        {"limit": limit, "before": before, "state": state, "severity": severity, "rule": rule, "group": group},
    )
    return [dict(row) for row in rows.mappings()]


def alert(connection: Connection, alert_id: int) -> dict[str, Any]:
    """Raises NotFound."""
    row = connection.execute(text(f"select {_COLUMNS} from alerts where id = :id"), {"id": alert_id}).mappings().first()
    if row is None:
        raise NotFound(f"There is no alert {alert_id}")
    return dict(row)


def timeline(connection: Connection, alert_id: int, limit: int = 500) -> list[dict[str, Any]]:
    """What happened to an alert, the oldest first."""
    rows = connection.execute(
        text("""select at, kind, by, detail from (
                  select event_id, at, kind, by, detail from alert_events where alert_id = :id
                  order by at desc, event_id desc limit :limit) newest
                order by at, event_id"""),
        {"id": alert_id, "limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def groups(connection: Connection, limit: int = GROUPS, *, pending: bool = False) -> list[dict[str, Any]]:
    """Open alerts by group, the most pressing first: how many, of which somebody has taken on, and the one that stands
    for them, the newest that nobody has. With `pending` those whose `for` has not passed as well, at the end."""
    which = _ALIVE if pending else _OPEN
    rows = connection.execute(
        text(f"""
        select g.group_key as "group", g.n, g.taken, g.started_at, g.newest_at, a.id, a.rule, a.severity, a.state,
               a.message, a.labels, a.acknowledged_by, a.simulated
        from (select group_key, count(*) as n, count(acknowledged_at) as taken,
                     min(coalesce(fired_at, started_at)) as started_at,
                     max(coalesce(fired_at, started_at)) as newest_at,
                     (array_agg(id order by acknowledged_at is not null, state = 'pending', array_position(
                        array['critical', 'warning', 'info'], severity), id desc))[1] as id
              from alerts where {which} group by group_key) g
        join alerts a using (id)
        order by g.n = g.taken, a.state = 'pending',
          array_position(array['critical', 'warning', 'info'], a.severity), g.newest_at desc
        limit :limit
        """),
        {"limit": limit},
    )
    return [dict(row) for row in rows.mappings()]


def counts(connection: Connection) -> dict[str, int]:
    """Open alerts: those that wait for a person by severity, and those that somebody has taken on."""
    row = connection.execute(
        text(f"""select count(*) filter (where acknowledged_at is null and severity = 'critical') as critical,
                        count(*) filter (where acknowledged_at is null and severity = 'warning') as warning,
                        count(*) filter (where acknowledged_at is null and severity = 'info') as info,
                        count(*) filter (where acknowledged_at is not null) as taken
                 from alerts where {_OPEN}""")
    ).one()
    return row._asdict()


def evaluations(connection: Connection) -> dict[str, dict[str, Any]]:
    """How the last evaluation of each rule went."""
    rows = connection.execute(text("select rule, at, took_ms, asked, missing, error from alert_evaluations"))
    return {row["rule"]: dict(row) for row in rows.mappings()}


def quality(connection: Connection, since: datetime) -> list[dict[str, Any]]:
    """Of each rule that fired since then: how often, how much of it somebody acted on, the median seconds until that,
    how often it came again within ten minutes; the noisiest first."""
    rows = connection.execute(
        text("""
        with fired as (
          select rule, acknowledged_at, resolved_by, fired_at,
                 lag(resolved_at) over (partition by fingerprint order by id) as ended_before
          from alerts where fired_at >= :since)
        select rule, count(*) as fired, count(*) filter (where acknowledged_at is not null or resolved_by is not null)
                 as acted, percentile_cont(0.5) within group (
                   order by extract(epoch from acknowledged_at - fired_at)::float8) as median_ack_s,
               count(*) filter (where fired_at - ended_before < interval '10 minutes') as flaps
        from fired group by rule order by count(*) - count(acknowledged_at) desc, rule
        """),
        {"since": since},
    )
    return [dict(row) for row in rows.mappings()]
