"""Tells the server how a run stands, whatever its deliveries wait for; and how it ended, when all of them are in."""

from __future__ import annotations

import contextlib
import logging
import math
from concurrent.futures import wait
from time import monotonic
from typing import TYPE_CHECKING

from clients.satellite.delivery import Delivery
from clients.satellite.heartbeat import obey
from clients.satellite.outcome import late, verdict
from clients.sdk import ApiError, Interrupted, SdkError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from clients.satellite.run import Run
    from clients.sdk import MissionControl
    from clients.sdk.shapes import ProgressFields, RunStatus

TICK = 1.0  # s between reports
QUIET = 10.0  # s between reports when nothing changed
LAST_DELIVERY = 1.0  # s that a delivery under way is given when this satellite stops

log = logging.getLogger(__name__)


class Reports:
    """Waits for a server that is away as long as it takes; a run that is dropped or stopped ends the waiting."""

    def __init__(self, api: MissionControl, satellite_id: str, run: Run) -> None:
        self._api = api.with_patience(math.inf, run.cut)
        self._satellite_id = satellite_id
        self._run = run
        self._job_id = run.plan.job_id
        self._delivery = Delivery(api, satellite_id, run)
        self._reported: ProgressFields | None = None
        self._reported_at = 0.0

    def follow(self, crawl: Future[None]) -> None:
        """Returns when the run has ended, for the server or for this satellite."""
        self._delivery.start()
        try:
            while not self._step(crawl):
                pass
        except Interrupted:
            pass
        except ApiError as error:
            self._give_back(f"the server refused what was found: {error}")
        if self._run.stopping and not self._run.dropped:
            self._hand_over()

    def _step(self, crawl: Future[None]) -> bool:
        """One round; True when nothing is left to do."""
        self._wait(crawl)
        if self._run.dropped or self._run.stopping:
            return True
        if failure := self._delivery.failure:
            self._give_back(f"what was found could not be delivered: {failure}")
            return True
        done = crawl.done() and not self._delivery.is_alive()
        try:
            if done:
                self._conclude(crawl.exception())
            else:
                self._report()
        except ApiError as error:
            if error.status < 500:
                raise
            log.warning("%s: %s; trying again", self._job_id, error)
            return False
        return done

    def _wait(self, crawl: Future[None]) -> None:
        wait([crawl], TICK)
        if crawl.done():
            self._delivery.finish()
            self._delivery.join(TICK)

    def _report(self) -> None:
        if self._counts() != self._reported or monotonic() - self._reported_at >= QUIET:
            self._progress(message=late(self._run.outbox.waiting()))

    def _conclude(self, defect: BaseException | None) -> None:
        status, message = ("failed", f"the satellite failed: {defect!r}") if defect else verdict(self._run)
        self._progress(status, message)
        tally = self._run.tally
        log.info(
            "%s: %s, %d pages, %d links: %s", self._job_id, status, tally.crawled, tally.links, message or "all well"
        )

    def _progress(self, status: RunStatus | None = None, message: str | None = None) -> None:
        """Raises Interrupted when the server gave the mission to somebody else."""
        counts = self._counts()
        told = counts.copy()
        if status:
            told["status"] = status
        if message:
            told["message"] = message
        try:
            directives = self._api.progress(self._job_id, **told)
        except ApiError as error:
            if error.status not in {404, 409}:
                raise
            self._run.drop(error.detail)
            raise Interrupted from error
        self._reported, self._reported_at = (None if message else counts), monotonic()
        self._run.heard_at = monotonic()
        obey(self._run, directives)

    def _counts(self) -> ProgressFields:
        tally = self._run.tally
        return {
            "satellite_id": self._satellite_id,
            "pages_crawled": tally.crawled,
            "pages_queued": self._run.queued,
            "links_found": tally.links,
            "errors_count": tally.errors,
        }

    def _give_back(self, why: str) -> None:
        """The run cannot go on: say so if the server will hear it."""
        log.error("%s: %s", self._job_id, why)
        with contextlib.suppress(SdkError):
            self._progress("failed", why)
        self._run.drop("it failed here")

    def _hand_over(self) -> None:
        """This satellite ends: what is at hand goes out, unless a delivery still hangs."""
        self._delivery.join(LAST_DELIVERY)
        with contextlib.suppress(SdkError):
            if not self._delivery.is_alive():
                self._delivery.hand_over()
            self._report()
