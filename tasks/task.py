"""The two kinds of background work.

A *periodic* task is told again at its next beat: a dependency that is away costs one run. A *job* was asked for by
somebody: it comes from a row that was written in the asker's own transaction (`data/jobs.py`), and it ends as done or
as failed with its reason, never in silence. What a job needs and is away is waited for, longer each time; what is
wrong for good is not tried again.

How often each ran, how it ended and how long it took stands in Redis, for `/metrics`.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Literal, cast

from celery import Task

from data import jobs
from data.errors import MissionControlError, Unavailable
from data.task_metrics import save_run

if TYPE_CHECKING:
    from celery import Celery

    from data.services import Services

log = logging.getLogger(__name__)

Outcome = Literal["done", "put_off", "failed"]
_FAILED: Outcome = "failed"


class _MeasuredTask(Task):
    abstract = True

    @property
    def services(self) -> Services:
        return cast("Services", self.app.services)

    def _save(self, outcome: Outcome, start: float) -> None:
        seconds = time.perf_counter() - start
        log.debug("%s: %s in %.1f ms", self.name, outcome, seconds * 1000)
        self.services.cache.try_to(lambda redis: save_run(redis, self.name, outcome, seconds))


class PeriodicTask(_MeasuredTask):
    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 — any task's own
        start, outcome = time.perf_counter(), _FAILED
        try:
            answer = super().__call__(*args, **kwargs)
        except Unavailable as error:
            outcome = "put_off"
            log.warning("%s: put off, %s", self.name, error.detail)
            return None
        else:
            outcome = "done"
            return answer
        finally:
            self._save(outcome, start)


class JobTask(_MeasuredTask):
    """Its body takes what the asker gave, by keyword, and may be run more than once for the same job: a worker that is
    killed tells nobody how far it came. `self.request.id` is the job's id, the same at every try."""

    abstract = True

    def __call__(self, job_id: str) -> None:
        start = time.perf_counter()
        job = jobs.begin(self.services.engine, job_id)
        if job is None:  # done, failed or under way elsewhere
            return
        outcome: Outcome = "failed"
        try:
            super().__call__(**job.payload)
            jobs.finish(self.services.engine, job)
            outcome = "done"
        except Unavailable as error:
            outcome = "put_off" if jobs.put_off(self.services.engine, job, error) else "failed"
            log.warning("%s %s: %s, %s", self.name, job_id, outcome, error.detail)
        except MissionControlError as error:
            jobs.fail(self.services.engine, job, error.detail)
            log.warning("%s %s: failed, %s", self.name, job_id, error.detail)
        except Exception as error:
            jobs.fail(self.services.engine, job, f"{type(error).__name__}: {error}")
            raise
        finally:
            self._save(outcome, start)


def register_job(app: Celery, name: str) -> Any:  # noqa: ANN401 — Celery's own decorator
    """`@register_job(app, "send_report")` over `(self, *, report_id: str) -> None`."""
    return app.task(name=name, bind=True, base=JobTask)
