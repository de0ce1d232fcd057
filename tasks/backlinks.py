"""The watch over the links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data import clock
from data.backlinks import sets
from data.backlinks.signals import detection
from data.db import transaction
from tasks.refresh import repeat

if TYPE_CHECKING:
    from celery import Celery

    from data.services import Services
    from tasks.task import PeriodicTask


def register(app: Celery) -> None:
    @app.task(name="refresh_link_sets", bind=True)
    def refresh_link_sets(self: PeriodicTask) -> None:
        bring_sets_up_to_date(self.services)

    @app.task(name="watch_backlinks", bind=True)
    def watch_backlinks(self: PeriodicTask) -> None:
        watch(self.services)


def watch(services: Services) -> int:
    """Returns how many signals are new or say something new."""
    with transaction(services.engine) as connection:
        return detection.detect_signals(connection, clock.now())


def bring_sets_up_to_date(services: Services) -> int:
    """Bring the sets of referring domains up to date; returns the number of hours."""
    return repeat(services, sets.refresh_sets)
