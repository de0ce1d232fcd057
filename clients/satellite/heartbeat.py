"""The heartbeat, in a thread of its own: no crawl is ever so busy that it misses one."""

from __future__ import annotations

import logging
from threading import Thread
from typing import TYPE_CHECKING

from clients.satellite.vitals import Vitals
from clients.sdk import ApiError, SdkError

if TYPE_CHECKING:
    from clients.satellite.client_state import ClientState
    from clients.satellite.run import Run
    from clients.sdk import Directive, MissionControl
    from clients.sdk.shapes import HeartbeatFields, SatelliteStatus

PATIENCE = 5.0  # s: a beat that could not be said is soon an old one
LEAST = 1.0  # s: over less no pace is measured

log = logging.getLogger(__name__)


class Heartbeat(Thread):
    def __init__(self, api: MissionControl, station: ClientState) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._api = api.with_patience(PATIENCE, station.stopping)
        self._station = station
        self._run: Run | None = None
        self._gauge = Vitals(None)

    def run(self) -> None:
        while not self._station.stopping.wait(self._station.heartbeat_seconds):
            self.say()

    def say(self) -> None:
        """Says how we are; obeys what comes back. Registers again where the server does not know us."""
        try:
            self._beat()
        except ApiError as error:
            log.warning("heartbeat: %s", error)
            if error.status == 404 and not self._station.stopping.is_set():
                self._register()
        except SdkError as error:
            log.warning("heartbeat: %s", error)
        except Exception:
            log.exception("heartbeat")

    def _register(self) -> None:
        try:
            self._station.register()
        except SdkError as error:
            log.warning("%s", error)

    def _beat(self) -> None:
        run = self._station.run
        if run is not self._run:
            self._run, self._gauge = run, Vitals(run.tally if run else None)
        known = run is None or self._gauge.age >= LEAST
        reading = self._gauge.read()
        vitals: HeartbeatFields = {
            "status": self._status(run),
            "jobs": self._station.jobs,
            "cpu_percent": reading.cpu_percent,
            "memory_mb": reading.memory_mb,
        }
        if known:
            vitals["pages_per_minute"] = reading.pages_per_minute
        answer = self._api.heartbeat(self._station.id, **vitals)
        self._station.heartbeat_seconds = answer["heartbeat_seconds"]
        self._station.compare_clocks(answer["server_time"])
        obey(run, answer["directives"])

    def _status(self, run: Run | None) -> SatelliteStatus:
        if self._station.stopping.is_set():
            return "stopping"
        if run is None:
            return "idle"
        return "paused" if run.paused else "working"


def obey(run: Run | None, directives: list[Directive]) -> None:
    for directive in directives:
        if run and directive["job_id"] == run.plan.job_id:
            run.obey(directive)
