"""Takes one mission after another."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from concurrent.futures import wait
from typing import TYPE_CHECKING

from clients.satellite.crawl import crawl
from clients.satellite.plan import Plan
from clients.satellite.reports import Reports
from clients.satellite.run import Run
from clients.sdk import SdkError

if TYPE_CHECKING:
    from clients.satellite.client_state import ClientState
    from clients.sdk import Lease, MissionControl

POLL = 1.0  # s between two looks at the queue
LAST_FETCHES = 2.0  # s that requests in flight are given when this satellite stops

log = logging.getLogger(__name__)


class Worker:
    """`loop` is where Scrapy runs; this thread waits, reports and decides."""

    def __init__(self, api: MissionControl, station: ClientState, loop: asyncio.AbstractEventLoop) -> None:
        self._api = api
        self._asking = api.with_patience(0, station.stopping)
        self._station = station
        self._loop = loop
        self._away = False

    def work(self, *, once: bool) -> None:
        """Until stopped, or for one mission."""
        while not self._station.stopping.is_set():
            lease = self._lease()
            if lease is None:
                self._station.stopping.wait(POLL)
                continue
            self._carry_out(lease)
            if once:
                return

    def _lease(self) -> Lease | None:
        try:
            lease = self._asking.lease(self._station.id)
        except SdkError as error:
            if not self._away:
                log.warning("no mission can be asked for, trying on: %s", error)
            self._away = True
            return None
        self._away = False
        return lease

    def _carry_out(self, lease: Lease) -> None:
        log.info("%s: %s", lease["job_id"], lease["target_url"])
        try:
            run = Run(Plan.of(lease), clock_offset=self._station.clock_offset)
        except (ValueError, TypeError, AttributeError) as error:
            self._refuse(lease, str(error))
            return
        self._station.run = run
        if self._station.stopping.is_set():
            run.stop()
        future = asyncio.run_coroutine_threadsafe(crawl(run), self._loop)
        try:
            Reports(self._api, self._station.id, run).follow(future)
        finally:
            run.end()
            wait([future], LAST_FETCHES if self._station.stopping.is_set() else None)
            self._station.run = None

    def _refuse(self, lease: Lease, why: str) -> None:
        log.warning("%s: %s", lease["job_id"], why)
        with contextlib.suppress(SdkError):
            self._asking.progress(
                lease["job_id"],
                satellite_id=self._station.id,
                pages_crawled=0,
                pages_queued=0,
                links_found=0,
                errors_count=0,
                status="failed",
                message=f"This mission cannot be crawled: {why}",
            )
