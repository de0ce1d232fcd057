"""The worker's own heartbeat, partitions ahead of time, and what may be forgotten."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import text

from data.db import transaction

if TYPE_CHECKING:
    from celery import Celery

    from data.services import Services
    from tasks.task import MissionControlTask

PARTITIONED = ("backlinks", "satellite_performance_logs")
HEARTBEAT_KEPT_S = 60

_PRUNE = (
    "delete from ingest_receipts where received_at < now() - make_interval(days => :metrics)",
    "delete from idempotency_keys where created_at < now() - interval '1 day'",
    "delete from login_tokens where expires_at < now() - interval '7 days'",
    "delete from user_sessions where greatest(expires_at, revoked_at) < now() - interval '7 days'",
    "delete from live_minutes where minute < now() - make_interval(days => :history)",
)


def register(app: Celery) -> None:
    @app.task(name="worker_heartbeat", bind=True)
    def worker_heartbeat(self: MissionControlTask) -> None:
        self.services.cache.ask(lambda redis: redis.set("mc:hb:worker", time.time(), ex=HEARTBEAT_KEPT_S))

    @app.task(name="make_partitions", bind=True)
    def make_partitions(self: MissionControlTask) -> None:
        partitions_ahead(self.services)

    @app.task(name="prune", bind=True)
    def prune(self: MissionControlTask) -> None:
        forget(self.services)


def partitions_ahead(services: Services) -> None:
    """The partitions of this month and the three after it."""
    with transaction(services.engine) as connection:
        for table in PARTITIONED:
            connection.execute(
                text("""select ensure_month_partitions(:table, now()::date, (now() + interval '3 months')::date)"""),
                {"table": table},
            )


def forget(services: Services) -> None:
    """What is past its retention. Samples of satellites go by whole months (see ensure_month_partitions)."""
    kept = {
        "metrics": services.settings.metrics_retention_days,
        "history": services.settings.dashboard_history_retention,
    }
    for statement in _PRUNE:
        with transaction(services.engine) as connection:
            connection.execute(text(statement), {name: days for name, days in kept.items() if f":{name}" in statement})
