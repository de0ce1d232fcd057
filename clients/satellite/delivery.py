"""Brings to the server what the crawl finds: rows first, then numbers, and the end only after every row."""

from __future__ import annotations

import contextlib
import logging
import math
import uuid
from concurrent.futures import wait
from dataclasses import asdict
from time import monotonic
from typing import TYPE_CHECKING, Any

from clients.satellite.gauge import Gauge
from clients.satellite.heartbeat import obey
from clients.satellite.outcome import verdict
from clients.sdk import BATCH_ROWS, ApiError, Interrupted, SdkError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from clients.satellite.run import Run
    from clients.sdk import MissionControl
    from clients.sdk.shapes import ProgressFields, RunStatus

TICK = 1.0  # s between reports
QUIET = 10.0  # s between reports when nothing changed
SAMPLE = 10.0  # s between performance samples

log = logging.getLogger(__name__)


class Delivery:
    """Waits for a server that is away as long as it takes; a run that is dropped or stopped ends the waiting."""

    def __init__(self, api: MissionControl, satellite_id: str, run: Run) -> None:
        self._api = api.with_patience(math.inf, run.cut)
        self._satellite_id = satellite_id
        self._run = run
        self._job_id = run.plan.job_id
        self._gauge = Gauge(run.tally)
        self._samples: list[dict[str, Any]] = []
        self._reported: ProgressFields | None = None
        self._reported_at = 0.0

    def follow(self, crawl: Future[None]) -> None:
        """Returns when the run has ended, for the server or for this satellite."""
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
        wait([crawl], TICK)
        done = crawl.done()
        if self._run.dropped or self._run.stopping:
            return True
        try:
            self._send_rows()
            self._send_samples(final=done)
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

    def _send_rows(self) -> None:
        run = self._run
        while not run.dropped and (rows := run.outbox.oldest(BATCH_ROWS)):
            result = self._api.ingest("backlinks", rows)
            run.outbox.forget(len(rows))
            run.tally.links += len(rows) - len(result.rejected)
            run.tally.refused += len(result.rejected)
            for one in result.rejected:
                log.warning("%s: refused %s: %s", self._job_id, rows[one["index"]]["url_to"], one["errors"])
        while not run.dropped and (pages := run.outbox.pages(BATCH_ROWS)):
            self._api.ingest("page_visits", pages)
            run.outbox.forget_pages(len(pages))

    def _send_samples(self, *, final: bool) -> None:
        if final or self._gauge.age >= SAMPLE:
            self._take_sample()
        if self._samples:
            self._api.ingest("satellite_performance", self._samples)
            self._samples.clear()

    def _take_sample(self) -> None:
        reading = asdict(self._gauge.read())
        if not reading.pop("fetches"):
            return
        about = {
            "event_id": uuid.uuid4().hex,
            "satellite_id": self._satellite_id,
            "job_id": self._job_id,
            "created_date": self._run.now().isoformat(),
            "pages_crawled": self._run.tally.crawled,
            "errors_count": self._run.tally.errors,
        }
        self._samples.append(about | reading)

    def _report(self) -> None:
        if self._counts() != self._reported or monotonic() - self._reported_at >= QUIET:
            self._progress()

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
        self._reported, self._reported_at = counts, monotonic()
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
        """This satellite ends: what is at hand goes out, tried once each."""
        with contextlib.suppress(SdkError):
            self._send_rows()
            self._send_samples(final=True)
            self._report()
