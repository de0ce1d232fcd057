"""What becomes of the quotas: forecasts, what they were worth, and checks against the providers' own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data import clock
from data.db import transaction
from data.quotas.forecast import commands, model_selection
from data.quotas.ledger import reservations
from data.quotas.routing.gateway import ProviderGateway

if TYPE_CHECKING:
    from celery import Celery

    from tasks.task import PeriodicTask


def register(app: Celery) -> None:
    @app.task(name="return_credits", bind=True)
    def return_credits(self: PeriodicTask) -> None:
        with transaction(self.services.engine) as connection:
            reservations.release_expired(connection)

    @app.task(name="make_forecasts", bind=True)
    def make_forecasts(self: PeriodicTask) -> None:
        commands.make_forecasts(self.services, ProviderGateway(self.services), clock.now())

    @app.task(name="score_forecasts", bind=True)
    def score_forecasts(self: PeriodicTask) -> None:
        model_selection.score_forecasts(self.services, ProviderGateway(self.services), clock.now())

    @app.task(name="check_ledgers", bind=True)
    def check_ledgers(self: PeriodicTask) -> None:
        gateway = ProviderGateway(self.services)
        try:
            commands.check_ledgers(self.services, gateway, clock.now())
        finally:
            gateway.close()
