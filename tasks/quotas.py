"""What becomes of the quotas: forecasts, what they were worth, and checks against the providers' own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data import clock
from data.db import transaction
from data.quotas import forecast_choosing as choosing
from data.quotas import forecasting, reservations
from data.quotas.desk import Desk

if TYPE_CHECKING:
    from celery import Celery

    from tasks.task import PeriodicTask


def register(app: Celery) -> None:
    @app.task(name="return_credits", bind=True)
    def return_credits(self: PeriodicTask) -> None:
        with transaction(self.services.engine) as connection:
            reservations.expire(connection)

    @app.task(name="make_forecasts", bind=True)
    def make_forecasts(self: PeriodicTask) -> None:
        forecasting.make_forecasts(self.services, Desk(self.services), clock.now())

    @app.task(name="score_forecasts", bind=True)
    def score_forecasts(self: PeriodicTask) -> None:
        choosing.score_forecasts(self.services, Desk(self.services), clock.now())

    @app.task(name="check_ledgers", bind=True)
    def check_ledgers(self: PeriodicTask) -> None:
        desk = Desk(self.services)
        try:
            forecasting.check_ledgers(self.services, desk, clock.now())
        finally:
            desk.close()
