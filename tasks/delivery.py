"""Alerts on their way to people: the relay, escalations, the auditor, reminders, the dead man's switch.

The relay stays in a thread beside Celery's clock: a broker that is away or hung, and workers that are busy for minutes,
keep no alert waiting. A task serves as well, for when that thread does not.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from data import clock
from data.alerts.delivery import auditor, commands, deadman
from data.alerts.delivery.relay import Relay, ensure_settings_channels
from data.db import STATEMENT_MS, transaction
from data.deadline import set_deadline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery

    from data.services import Services
    from tasks.task import PeriodicTask

STOP_S = 2.0


@contextmanager
def relaying(services: Services) -> Iterator[None]:
    """Tell people of alerts, in a thread beside whatever else this process does."""
    set_deadline(services.engine, STATEMENT_MS / 1000 + 5, idle_s=2)
    stop = threading.Event()
    thread = threading.Thread(target=Relay.of(services).stay, args=[stop], name="alert-relay", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(STOP_S)


def register(app: Celery) -> None:
    @app.task(name="relay_alerts", bind=True)
    def relay_alerts(self: PeriodicTask) -> None:
        ensure_settings_channels(self.services)
        Relay.of(self.services).run()

    @app.task(name="escalate_alerts", bind=True)
    def escalate_alerts(self: PeriodicTask) -> None:
        with transaction(self.services.engine) as connection:
            commands.escalate(connection, clock.now())

    @app.task(name="audit_delivery", bind=True)
    def audit_delivery(self: PeriodicTask) -> None:
        with transaction(self.services.engine) as connection:
            auditor.audit_delivery(connection, clock.now())

    @app.task(name="remind_of_silences", bind=True)
    def remind_of_silences(self: PeriodicTask) -> None:
        with transaction(self.services.engine) as connection:
            commands.remind_of_silences(connection, clock.now())

    @app.task(name="ping_heartbeat", bind=True)
    def ping_heartbeat(self: PeriodicTask) -> None:
        deadman.ping(self.services, clock.now())
