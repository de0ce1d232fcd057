"""The worker's own heartbeat, jobs sent on their way, partitions ahead of time, and what may be forgotten."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data import clock, jobs, partitions
from data.areas import TABLES
from data.db import transaction

if TYPE_CHECKING:
    from celery import Celery

    from data.services import Services
    from tasks.task import PeriodicTask

HEARTBEAT_KEPT_S = 60
PORTION = 20_000


def register(app: Celery) -> None:
    @app.task(name="worker_heartbeat", bind=True)
    def worker_heartbeat(self: PeriodicTask) -> None:
        self.services.cache.ask(lambda redis: redis.set("mc:hb:worker", time.time(), ex=HEARTBEAT_KEPT_S))

    @app.task(name="relay_jobs", bind=True)
    def relay_jobs(self: PeriodicTask) -> None:
        send_due(app, self.services)

    @app.task(name="make_partitions", bind=True)
    def make_partitions(self: PeriodicTask) -> None:
        partitions_ahead(self.services)

    @app.task(name="prune", bind=True)
    def prune(self: PeriodicTask) -> None:
        forget(self.services)


def send_due(app: Celery, services: Services) -> int:
    """Send the jobs that are due to the workers; returns how many. One that cannot be sent is claimed again later."""
    with transaction(services.engine) as connection:
        due = jobs.claim(connection)
    for job_id, task in due:
        app.send_task(task, args=[job_id], task_id=job_id)
    return len(due)


def partitions_ahead(services: Services) -> None:
    with transaction(services.engine) as connection:
        partitions.ensure_ahead(connection)


def forget(services: Services) -> None:
    """What is past its retention: rows by portions, samples of satellites by whole months; their roll-ups stay."""
    settings = services.settings
    kept = {"metrics": settings.metrics_retention_days, "history": settings.dashboard_history_retention}
    for table in TABLES:
        if table.expires:
            values = {name: days for name, days in kept.items() if f":{name}" in table.expires}
            while _forget_some(services, table.name, table.expires, values) == PORTION:
                pass
    with transaction(services.engine) as connection:
        connection.execute(text("set local lock_timeout = '2s'"))
        cutoff = clock.now() - timedelta(days=settings.metrics_retention_days)
        for table in TABLES:
            if table.emptied:
                partitions.empty_before(connection, table.name, table.emptied, cutoff)


def _forget_some(services: Services, table: str, condition: str, values: dict[str, int]) -> int:
    with transaction(services.engine) as connection:
        return connection.execute(
            text(
                f"delete from {table} where ctid = any(array(select ctid from {table} where {condition} limit :most))"
            ),
            {**values, "most": PORTION},
        ).rowcount
