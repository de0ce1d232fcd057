"""Rules are evaluated every five seconds; what their windows no longer need is thinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data import clock
from data.alerts import evaluation, series
from data.db import transaction

if TYPE_CHECKING:
    from celery import Celery

    from tasks.task import PeriodicTask


def register(app: Celery) -> None:
    @app.task(name="evaluate_alerts", bind=True)
    def evaluate_alerts(self: PeriodicTask) -> None:
        evaluation.evaluate(self.services, clock.now())

    @app.task(name="thin_alert_samples", bind=True)
    def thin_alert_samples(self: PeriodicTask) -> None:
        with transaction(self.services.engine) as connection:
            series.thin(connection, clock.now())
