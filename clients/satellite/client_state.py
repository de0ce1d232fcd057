"""Who this satellite is to the server, and what it is doing: shared by its threads."""

from __future__ import annotations

import logging
import math
import re
import socket
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import TYPE_CHECKING

from clients.sdk import VERSION

if TYPE_CHECKING:
    from clients.satellite.run import Run
    from clients.sdk import MissionControl

TOLERANCE = timedelta(seconds=10)

log = logging.getLogger(__name__)


class ClientState:
    """A name given by a person is also the id, the same after a restart; without one the server gives an id."""

    def __init__(self, api: MissionControl, name: str | None) -> None:
        self.stopping = Event()
        self._api = api.with_patience(math.inf, self.stopping)
        self._name = name or socket.gethostname()
        self.id = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-") if name else ""
        self.heartbeat_seconds = 10.0
        self.run: Run | None = None
        self.clock_offset = timedelta(0)

    def register(self) -> None:
        """Raises ApiError where the server refuses, Interrupted when stopped while waiting for the server."""
        answer = self._api.register_satellite(
            satellite_id=self.id or None, name=self._name, version=VERSION, hostname=socket.gethostname(), max_jobs=1
        )
        self.id, self.heartbeat_seconds = answer["satellite_id"], answer["heartbeat_seconds"]
        log.info("registered as %s", self.id)

    def compare_clocks(self, server_time: str) -> None:
        """A clock that is wrong here would date what is found wrongly there, or have it refused."""
        offset = datetime.fromisoformat(server_time) - datetime.now(UTC)
        self.clock_offset = offset if abs(offset) > TOLERANCE else timedelta(0)

    @property
    def jobs(self) -> list[str]:
        """The missions whose leases this satellite wants to keep."""
        run = self.run
        return [run.plan.job_id] if run and not run.dropped and not self.stopping.is_set() else []

    def stop(self) -> None:
        self.stopping.set()
        if self.run:
            self.run.stop()
