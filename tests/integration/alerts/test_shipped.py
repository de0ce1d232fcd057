"""The rules that come with the product, each on what it is about, read by the areas' own signals."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.alerts import evaluation, reads
from data.alerts.live import SECTIONS
from data.db import transaction
from data.quotas.catalogue import records

if TYPE_CHECKING:
    from data.services import Services

NOW = datetime.fromtimestamp(datetime.now(UTC).timestamp() // 30 * 30, UTC)

SILENT = """
insert into satellites (satellite_id, name, status, last_heartbeat_at) values
  ('sat-1', 'one', 'lost', :now - interval '90 seconds'), ('sat-2', 'two', 'working', :now - interval '5 seconds'),
  ('sat-3', 'three', 'stopping', :now - interval '300 seconds'), ('sat-4', 'four', 'lost', :now - interval '2 days');
insert into crawl_jobs (job_id, job_type, target_url, status, completed_time) values
  ('LP-1', 'links', 'https://a.example/', 'abnormal', :now - interval '2 days'),
  ('LP-2', 'links', 'https://a.example/', 'running', null);
insert into satellite_assignment_history (assignment_id, job_id, satellite_id, assigned_at, released_at, outcome)
  values (1, 'LP-1', 'sat-1', :now - interval '200 seconds', :now - interval '30 seconds', 'lost');
insert into satellite_assignments (job_id, satellite_id, lease_expires_at) values ('LP-2', 'sat-1', :now)
"""
FAILED = """
insert into crawl_jobs (job_id, job_type, target_url, status, completed_time, message) values
  ('LP-1', 'links', 'https://a.example/', 'failed', :now - interval '1 hour', 'robots.txt forbids it'),
  ('LP-2', 'links', 'https://a.example/', 'failed', :now - interval '2 days', 'long ago'),
  ('LP-3', 'links', 'https://a.example/', 'completed', :now - interval '1 hour', null)
"""
QUEUED = """insert into crawl_jobs (job_type, target_url)
  select 'links', 'https://a.example/' from generate_series(1, 1247)"""
SIGNAL = """
insert into backlink_signal_log (kind, target_domain_name, day, severity, score, title, detail, evidence, raised_at,
  updated_at, simulated)
values ('{kind}', 'acme.io', :now, 'warning', {score}, 'A title', 'why it is so', '{{}}', :now - interval '1 hour',
  :now, false)
"""
LINK = """
insert into backlinks (target_domain_name, discovered_date, source_domain_name, url_from, url_to, domain_authority,
  last_seen, lost_date, lost_reason, link_state)
values ('acme.io', :now - interval '{age}', 'big.example', 'https://big.example/', 'https://acme.io/', 85, :now,
  {lost}, {reason}, '{state}')
"""
EXHAUSTED = """
insert into api_quota_state (provider, simulated, window_start, day, state, state_reason)
values ('serpstack', false, :now, :now, 'exhausted', 'the account is empty')
"""
DRY = """
insert into api_quota_state (provider, simulated, window_start, day, used)
values ('serpstack', false, :now, :now, 10);
insert into api_forecasts (provider, simulated, hour, made_at, ends_at, state, quota_window, used, expected, low, high,
  dry_at, burn_day, burn_week, status, note, clock, advice, path)
values ('serpstack', false, date_trunc('hour', cast(:now as timestamptz)), :now, :now + interval '9 days', 'active',
  'monthly', 90, 120, 110, 130, :now + interval '20 hours', 5, 5, 'critical', '', 'dry tomorrow', 'buy more', '[]')
"""
AVAILABLE = """
insert into watched_domains (domain_name, added_by) values ('free.example', 'ann'), ('held.example', 'ann');
insert into domains (domain_name, availability_status) values ('free.example', 'available'),
  ('held.example', 'registered')
"""


def run(mc: Services, sql: str) -> None:
    with transaction(mc.engine) as connection:
        records.save_missing_providers(connection)
        for statement in sql.split(";"):
            connection.execute(text(statement), {"now": NOW})


def open_alerts(mc: Services, rule: str) -> list[dict[str, Any]]:
    with transaction(mc.engine) as connection:
        return reads.alerts(connection, limit=100, rule=rule, open_only=True)


@pytest.mark.parametrize(
    ("rule", "sql", "labels", "severity", "message"),
    [
        (
            "Satellite unresponsive",
            SILENT,
            {"satellite": "sat-1"},
            "critical",
            "sat-1 is silent · 2 missions affected: LP-1, LP-2",
        ),
        (
            "Failed missions",
            FAILED,
            {"job": "LP-1"},
            "warning",
            "LP-1 failed · https://a.example/ · robots.txt forbids it",
        ),
        ("Queue above 1,000", QUEUED, {"queue": "job_queue"}, "warning", "Job queue at 1,247 items"),
        (
            "Quota exhausted",
            EXHAUSTED,
            {"provider": "serpstack"},
            "critical",
            "serpstack has no credits left until its reset · the account is empty",
        ),
        (
            "Quota dry before its reset",
            DRY,
            {"provider": "serpstack"},
            "warning",
            "serpstack: dry tomorrow · buy more",
        ),
        (
            "Spam influx",
            SIGNAL.format(kind="spam_influx", score=80),
            {"target": "acme.io"},
            "warning",
            "acme.io: score 80 · why it is so",
        ),
        (
            "Competitor surge",
            SIGNAL.format(kind="competitor_surge", score=5),
            {"target": "acme.io"},
            "info",
            "acme.io · why it is so",
        ),
        (
            "Lost links",
            LINK.format(age="90 days", lost=":now - interval '1 hour'", reason="'not_found'", state="confirmed_lost"),
            {"target": "acme.io"},
            "warning",
            "acme.io: 1 of high authority in 24 h · big.example no longer links to acme.io: not_found",
        ),
        (
            "New links of high authority",
            LINK.format(age="1 hour", lost="null", reason="null", state="live"),
            {"target": "acme.io"},
            "info",
            "acme.io: 1 above DA 70 in 24 h · big.example links to acme.io",
        ),
        (
            "Watched domain is available",
            AVAILABLE,
            {"domain": "free.example"},
            "info",
            "free.example can be registered",
        ),
    ],
)
def test_each_fires_on_what_it_is_about_and_on_nothing_else(
    mc: Services, rule: str, sql: str, labels: dict[str, str], severity: str, message: str
) -> None:
    evaluation.evaluate(mc, NOW - timedelta(seconds=30))
    assert open_alerts(mc, rule) == []
    run(mc, sql)
    evaluation.evaluate(mc, NOW)
    (alert,) = open_alerts(mc, rule)
    assert (alert["labels"], alert["severity"], alert["message"]) == (labels, severity, message)


def test_a_service_that_falls_silent_is_told_and_stays_so_when_its_heartbeat_is_forgotten(mc: Services) -> None:
    def beat(process: str, age: float) -> None:
        mc.cache.ask(lambda redis: redis.set(f"mc:hb:{process}", int(NOW.timestamp() - age), ex=60))

    beat("worker", 2)
    beat("beat", 40)
    evaluation.evaluate(mc, NOW)
    assert [alert["labels"]["service"] for alert in open_alerts(mc, "Service is silent")] == ["beat"]
    mc.cache.ask(lambda redis: redis.delete("mc:hb:beat"))
    for seconds in (30, 60, 90):
        evaluation.evaluate(mc, NOW + timedelta(seconds=seconds))
    told = {alert["labels"]["service"]: alert["state"] for alert in open_alerts(mc, "Service is silent")}
    assert told["beat"] == "nodata", "absence is no recovery"


def test_numbers_that_are_late_are_told_when_that_has_lasted(mc: Services) -> None:
    run(mc, "update view_stamps set due_at = :now - interval '10 minutes' where view = 'mv_daily_job_stats'")
    evaluation.evaluate(mc, NOW)
    assert open_alerts(mc, "Numbers are late") == []
    evaluation.evaluate(mc, NOW + timedelta(seconds=30))
    assert [alert["labels"]["view"] for alert in open_alerts(mc, "Numbers are late")] == ["mv_daily_job_stats"]


def test_however_much_is_wrong_the_wall_lists_a_dozen_groups_at_most(mc: Services) -> None:
    many = """insert into crawl_jobs (job_type, target_url, status, completed_time)
              select 'links', 'https://a.example/', 'failed', :now from generate_series(1, 45);
              insert into satellites (satellite_id, name, status, last_heartbeat_at)
              select 'sat-' || n, 'n', 'lost', :now - interval '90 seconds' from generate_series(1, 20) n"""
    for sql in (many, QUEUED, EXHAUSTED, SIGNAL.format(kind="spam_influx", score=80), AVAILABLE):
        run(mc, sql)
    evaluation.evaluate(mc, NOW)
    with transaction(mc.engine) as connection:
        rows = reads.groups(connection)
    assert sum(row["n"] for row in rows) >= 69
    assert len(rows) <= 12
    assert [row["severity"] for row in rows] == sorted((row["severity"] for row in rows), key=_RANK.index)
    assert {section.name for section in SECTIONS} == {"alarms"}


_RANK = ["critical", "warning", "info"]


def test_an_evaluation_of_a_full_product_leaves_time_for_everything_else(mc: Services) -> None:
    """A fence, not a figure: what reads every row of a table instead of an index would be far beyond it."""
    run(mc, QUEUED)
    evaluation.evaluate(mc, NOW)
    start = time.perf_counter()
    evaluation.evaluate(mc, NOW + timedelta(seconds=30))
    assert time.perf_counter() - start < 2
