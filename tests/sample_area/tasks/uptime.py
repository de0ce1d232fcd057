"""Sites that fell silent, and the reports that were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data import clock
from data.db import transaction
from data.uptime import rules, writes
from tasks.task import register_job

if TYPE_CHECKING:
    from celery import Celery

    from tasks.task import JobTask, PeriodicTask


def register(app: Celery) -> None:
    @app.task(name="mark_silent_sites", bind=True)
    def mark_silent_sites(self: PeriodicTask) -> int:
        with transaction(self.services.engine) as connection:
            return writes.mark_silent(connection, rules.silent_before(clock.now()))

    @register_job(app, writes.REPORT)
    def make_uptime_report(self: JobTask, *, site: str) -> None:
        with transaction(self.services.engine) as connection:
            writes.save_report(connection, self.request.id, site)
