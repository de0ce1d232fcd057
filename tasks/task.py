"""The one base of all tasks: what is down is waited for in peace, what is broken is logged with its name."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, cast

from celery import Task

from data.errors import Unavailable

if TYPE_CHECKING:
    from data.services import Services

log = logging.getLogger(__name__)


class MissionControlTask(Task):
    """Periodic work is told again at its next beat, so a dependency that is away costs one run and no traceback."""

    abstract = True

    @property
    def services(self) -> Services:
        return cast("Services", self.app.services)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 — any task's own
        start = time.perf_counter()
        try:
            return super().__call__(*args, **kwargs)
        except Unavailable as error:
            log.warning("%s: put off, %s", self.name, error.detail)
            return None
        finally:
            log.debug("%s: %.1f ms", self.name, (time.perf_counter() - start) * 1000)
