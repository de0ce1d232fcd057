"""The Celery application before it knows a task: settings that lose none and wait for nothing for ever.

Celery's clock needs no more than this; the worker adds the tasks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from celery import Celery

from data.errors import SettingsError
from tasks.schedule import schedule
from tasks.task import PeriodicTask

if TYPE_CHECKING:
    from data.settings import Settings

CHILD_KB = 160_000  # a child that grew beyond is replaced after its task
TIME_LIMIT_S = 300  # a bulk load may leave that much to recompute


def application(settings: Settings) -> Celery:
    if settings.redis_url is None:
        raise SettingsError("REDIS_URL: missing; `mission-control run` provides it, or set it")
    app = Celery("mission_control", broker=settings.redis_url.get_secret_value(), task_cls=PeriodicTask)
    app.conf.update(
        accept_content=["json"],
        beat_scheduler="celery.beat:Scheduler",
        beat_schedule=schedule(),
        beat_max_loop_interval=1,
        broker_connection_retry_on_startup=True,
        broker_transport_options={
            "visibility_timeout": TIME_LIMIT_S + 60,
            "unacked_restore_interval": 1,
            "unacked_restore_throttle": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "health_check_interval": 10,
        },
        enable_utc=True,
        task_acks_late=True,
        task_ignore_result=True,
        task_reject_on_worker_lost=True,
        task_soft_time_limit=TIME_LIMIT_S - 5,
        task_time_limit=TIME_LIMIT_S,
        timezone="UTC",
        worker_cancel_long_running_tasks_on_connection_loss=True,
        worker_hijack_root_logger=False,
        worker_max_memory_per_child=CHILD_KB,
        worker_prefetch_multiplier=1,
        worker_send_task_events=False,
    )
    return app
