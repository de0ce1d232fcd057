"""The worker's own heartbeat, partitions ahead of time, and what may be forgotten."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data import clock, partitions
from data.db import transaction
from data.quotas import reservations

if TYPE_CHECKING:
    from celery import Celery

    from data.services import Services
    from tasks.task import MissionControlTask

HEARTBEAT_KEPT_S = 60
PORTION = 20_000

_PRUNE = {
    "ingest_receipts": "received_at < now() - make_interval(days => :metrics)",
    "idempotency_keys": "created_at < now() - interval '1 day'",
    "login_tokens": "expires_at < now() - interval '7 days'",
    "user_sessions": "greatest(expires_at, revoked_at) < now() - interval '7 days'",
    "screens": "reported_at < now() - interval '7 days' or closed_at < now() - interval '1 day'",
    "acknowledgements": "at < now() - make_interval(days => :history)",
    "api_cache": "kept_until < now()",
    "api_decisions": "at < now() - make_interval(days => :history)",
    "api_state_changes": "at < now() - make_interval(days => :metrics)",
    "live_minutes": "minute < now() - make_interval(days => :history)",
}


def register(app: Celery) -> None:
    @app.task(name="worker_heartbeat", bind=True)
    def worker_heartbeat(self: MissionControlTask) -> None:
        self.services.cache.ask(lambda redis: redis.set("mc:hb:worker", time.time(), ex=HEARTBEAT_KEPT_S))

    @app.task(name="make_partitions", bind=True)
    def make_partitions(self: MissionControlTask) -> None:
        partitions_ahead(self.services)

    @app.task(name="return_credits", bind=True)
    def return_credits(self: MissionControlTask) -> None:
        with transaction(self.services.engine) as connection:
            reservations.expire(connection)

    @app.task(name="prune", bind=True)
    def prune(self: MissionControlTask) -> None:
        forget(self.services)


def partitions_ahead(services: Services) -> None:
    with transaction(services.engine) as connection:
        partitions.ensure_ahead(connection)


def forget(services: Services) -> None:
    """What is past its retention: rows by portions, samples of satellites by whole months; their roll-ups stay."""
    settings = services.settings
    kept = {"metrics": settings.metrics_retention_days, "history": settings.dashboard_history_retention}
    for table, condition in _PRUNE.items():
        values = {name: days for name, days in kept.items() if f":{name}" in condition}
        while _forget_some(services, table, condition, values) == PORTION:
            pass
    with transaction(services.engine) as connection:
        connection.execute(text("set local lock_timeout = '2s'"))
        cutoff = clock.now() - timedelta(days=settings.metrics_retention_days)
        partitions.empty_before(connection, "satellite_performance_logs", "satellite_performance", cutoff)
        partitions.empty_before(connection, "api_usage", "api_usage", cutoff)


def _forget_some(services: Services, table: str, condition: str, values: dict[str, int]) -> int:
    with transaction(services.engine) as connection:
        return connection.execute(
            text(
                f"delete from {table} where ctid = any(array(select ctid from {table} where {condition} limit :most))"
            ),
            {**values, "most": PORTION},
        ).rowcount
