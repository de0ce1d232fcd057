"""The watch over the links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data import clock
from data.backlinks import signals
from data.db import transaction

if TYPE_CHECKING:
    from celery import Celery

    from data.services import Services
    from tasks.task import MissionControlTask


def register(app: Celery) -> None:
    @app.task(name="watch_backlinks", bind=True)
    def watch_backlinks(self: MissionControlTask) -> None:
        watch(self.services)


def watch(services: Services) -> int:
    """Returns how many signals are new or say something new."""
    with transaction(services.engine) as connection:
        return signals.watch(connection, clock.now())
