"""The worker: the Celery application with all its tasks and what they lean on."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from celery.signals import worker_init

from data.areas import parts
from data.db import STATEMENT_MS
from data.deadline import set_deadline
from data.services import Services
from tasks import housekeeping, refresh
from tasks.application import application

if TYPE_CHECKING:
    from celery import Celery

    from data.settings import Settings


def keep_shared(**_: object) -> None:
    """Before the pool is forked: what the collector leaves alone stays one copy in memory for all of them."""
    gc.collect()
    gc.freeze()


def create_worker(settings: Settings) -> Celery:
    services = Services.open(settings)
    set_deadline(services.engine, STATEMENT_MS / 1000 + 5, idle_s=2)
    app = application(settings)
    app.services = services
    worker_init.connect(keep_shared)
    for module in (refresh, housekeeping, *parts("tasks")):
        module.register(app)
    return app
