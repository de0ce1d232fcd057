"""Roll-ups and materialized views, brought up to date at a cost that depends on what is new."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from data import views
from data.db import transaction

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery
    from sqlalchemy import Connection

    from data.services import Services
    from tasks.task import PeriodicTask

BUDGET_S = 20.0


def register(app: Celery) -> None:
    @app.task(name="refresh_rollups", bind=True)
    def refresh_rollups(self: PeriodicTask) -> None:
        bring_up_to_date(self.services)

    @app.task(name="refresh_views", bind=True)
    def refresh_views(self: PeriodicTask) -> None:
        refresh_due(self.services)


def bring_up_to_date(services: Services, budget_s: float = BUDGET_S) -> int:
    """Recompute what was touched, in transactions of bounded size; returns the number of buckets."""
    return repeat(services, views.refresh_rollups, budget_s)


def repeat(services: Services, portion: Callable[[Connection], int], budget_s: float = BUDGET_S) -> int:
    """Do portion after portion, each in a transaction of its own, until nothing is left or the time is up."""
    until, total = time.monotonic() + budget_s, 0
    while time.monotonic() < until:
        with transaction(services.engine) as connection:
            done = portion(connection)
        if not done:
            break
        total += done
    return total


def refresh_due(services: Services) -> list[str]:
    """Refresh the views whose time has come; returns their names."""
    with transaction(services.engine) as connection:
        due = views.due_views(connection)
    for name in due:
        with transaction(services.engine) as connection:
            views.refresh_view(connection, name)
    return due
