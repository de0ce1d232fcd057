"""Satellites that fell silent, and the queue's list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.missions import commands

if TYPE_CHECKING:
    from celery import Celery

    from tasks.task import PeriodicTask


def register(app: Celery) -> None:
    @app.task(name="reap_lost_jobs", bind=True)
    def reap_lost_jobs(self: PeriodicTask) -> None:
        commands.reap(self.services)
