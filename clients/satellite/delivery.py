"""Brings to the server what the crawl finds, in a thread of its own: whatever keeps it waiting, keeps nothing else."""

from __future__ import annotations

import logging
import uuid
from collections import deque
from dataclasses import asdict, dataclass
from itertools import islice
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from clients.satellite.refusals import Refusal, pause, refusal
from clients.satellite.vitals import Vitals
from clients.sdk import BATCH_ROWS, Interrupted, SdkError

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.satellite.run import Run
    from clients.sdk import IngestResult, MissionControl

ANSWER = 30.0  # s for one batch: the server gives a page with very many links twenty
TICK = 1.0  # s between looks at what was found
SAMPLE = 10.0  # s between performance samples
GROWTH = 8  # batches taken in a row before larger ones are tried again
TRIES = 8  # of a single row over which the server fails
HOPELESS = 100  # rows dropped in a row: what the server refuses is not single rows
STUCK = 300.0  # s for which a single row may hold up all others while the server takes our reports

Rows = list[dict[str, Any]]
log = logging.getLogger(__name__)


@dataclass
class Line:
    """Rows of one stream that wait in order. `size` of them go at once: half as many after a batch that was refused,
    twice as many after `GROWTH` that were taken. `since` is when the first of them was first refused, `dropped` how
    many were dropped in a row."""

    stream: str
    oldest: Callable[[int], Rows]
    forget: Callable[[int], None]
    size: int = BATCH_ROWS
    taken: int = 0
    failures: int = 0
    since: float = 0.0
    dropped: int = 0

    def advance(self, count: int) -> None:
        self.forget(count)
        self.taken, self.failures, self.dropped = self.taken + 1, 0, 0
        if self.taken >= GROWTH:
            self.size, self.taken = min(2 * self.size, BATCH_ROWS), 0

    def drop(self) -> None:
        self.forget(1)
        self.failures, self.dropped = 0, self.dropped + 1

    def split(self, count: int) -> None:
        self.size, self.taken, self.failures = max(1, count // 2), 0, 0


class Delivery(Thread):
    """Ends when all was taken after `finish`, or the run was cut. `failure` is why nothing more can be delivered."""

    def __init__(self, api: MissionControl, satellite_id: str, run: Run) -> None:
        super().__init__(name="delivery", daemon=True)
        self._api = api.with_patience(0, run.cut)
        self._satellite_id = satellite_id
        self._run = run
        self._gauge = Vitals(run.tally)
        self._samples: deque[dict[str, Any]] = deque()
        self._complete = Event()
        self.failure: Exception | None = None
        self._lines = (
            Line("backlinks", run.outbox.oldest, run.outbox.forget),
            Line("page_visits", run.outbox.pages, run.outbox.forget_pages),
            Line("satellite_performance", lambda most: list(islice(self._samples, most)), self._forget_samples),
        )

    def finish(self) -> None:
        """Nothing more will be found."""
        self._complete.set()

    def run(self) -> None:
        try:
            while not self._run.cut.is_set():
                final = self._complete.wait(TICK)
                self._sample(final=final)
                for line in self._lines:
                    self._empty(line)
                if final:
                    return
        except Interrupted:
            pass
        except Exception as error:  # noqa: BLE001 — whoever waits for this thread says it
            self.failure = error

    def hand_over(self) -> None:
        """This satellite ends: what is at hand goes out, tried once each. Raises SdkError."""
        self._sample(final=True)
        for line in self._lines:
            while rows := line.oldest(line.size):
                self._settle(line, rows, self._api.ingest(line.stream, rows))

    def _empty(self, line: Line) -> None:
        while rows := line.oldest(line.size):
            if self._run.cut.is_set():
                raise Interrupted
            try:
                result = self._api.ingest(line.stream, rows, timeout=ANSWER)
            except Interrupted:
                raise
            except SdkError as error:
                self._refused(line, rows, error)
            else:
                self._settle(line, rows, result)

    def _settle(self, line: Line, rows: Rows, result: IngestResult) -> None:
        line.advance(len(rows))
        if line.stream == "backlinks":
            self._run.tally.links += len(rows) - len(result.rejected)
            self._run.tally.refused += len(result.rejected)
        for one in result.rejected:
            log.warning("%s: refused %s: %s", self._run.plan.job_id, rows[one["index"]], one["errors"])

    def _refused(self, line: Line, rows: Rows, error: SdkError) -> None:
        """Splits what was refused, waits where waiting may help, and drops the one row that nothing helps."""
        kind = refusal(error)
        if kind is Refusal.US:
            raise error
        if not line.failures:
            line.since = monotonic()
            log.warning("%s: %d of %s not taken: %s", self._run.plan.job_id, len(rows), line.stream, error)
        line.failures += 1
        if len(rows) > 1 and kind is not Refusal.BUSY:
            line.split(len(rows))
        elif self._hopeless(line, kind):
            self._drop(line, rows[0], error)
            return
        if kind is not Refusal.ROWS and self._run.cut.wait(pause(error, line.failures)):
            raise Interrupted

    def _hopeless(self, line: Line, kind: Refusal) -> bool:
        if kind is Refusal.TIME:
            return monotonic() - line.since > STUCK and self._run.heard_at > line.since
        return kind is Refusal.ROWS or (kind is Refusal.DEFECT and line.failures >= TRIES)

    def _drop(self, line: Line, row: dict[str, Any], error: SdkError) -> None:
        """Raises the error where it seems to be no matter of single rows."""
        if line.dropped >= HOPELESS:
            raise error
        log.error("%s: one of %s dropped: %s: %s", self._run.plan.job_id, line.stream, error, row)
        self._run.tally.drop(line.stream, str(error))
        line.drop()

    def _forget_samples(self, count: int) -> None:
        for _ in range(count):
            self._samples.popleft()

    def _sample(self, *, final: bool) -> None:
        if not final and self._gauge.age < SAMPLE:
            return
        reading = asdict(self._gauge.read())
        if not reading.pop("fetches"):
            return
        about = {
            "event_id": uuid.uuid4().hex,
            "satellite_id": self._satellite_id,
            "job_id": self._run.plan.job_id,
            "created_date": self._run.now().isoformat(),
            "pages_crawled": self._run.tally.crawled,
            "errors_count": self._run.tally.errors,
        }
        self._samples.append(about | reading)
