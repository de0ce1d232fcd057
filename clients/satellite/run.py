"""One mission at hand: its numbers, its state, and what directives do to it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING

from clients.satellite.frontier import Frontier
from clients.satellite.outbox import Outbox
from clients.satellite.outcome import FORBIDDEN, Passed, PrivateAddress, reason, unanswered
from clients.satellite.throttle import Throttle

if TYPE_CHECKING:
    from clients.satellite.plan import Plan
    from clients.sdk import Directive

GIVE_UP_AFTER = 25  # times in a row without an answer, or with 5xx or 429
FRONTIER = 100_000  # addresses
LOOK = 0.2  # s: how soon a waiting request notices a directive

log = logging.getLogger(__name__)


@dataclass
class Tally:
    """What became of every address asked for. `links` counts rows the server has; `seconds` adds up response times.
    `endings` are those of addresses that were not asked for, `blank` is why the last page read links nowhere."""

    crawled: int = 0
    links: int = 0
    errors: int = 0
    forbidden: int = 0
    left_out: int = 0
    impossible: int = 0
    refused: int = 0
    private: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    blank: str | None = None
    seconds: float = 0.0
    in_a_row: int = 0
    first_problem: str | None = None
    last_problem: str | None = None
    dropped: Counter[str] = field(default_factory=Counter)  # rows that the server took in no form, by their stream
    dropped_for: str = ""  # what it said of the last one

    def drop(self, stream: str, why: str) -> None:
        self.dropped[stream] += 1
        self.dropped_for = why

    def note(self, problem: str) -> None:
        self.first_problem = self.first_problem or problem
        self.last_problem = problem


@dataclass
class Run:
    """Shared by four threads: the crawl fills it, the delivery empties it, reports tell of it, the heartbeat steers."""

    plan: Plan
    tally: Tally = field(default_factory=Tally)
    outbox: Outbox = field(default_factory=Outbox)
    cut: Event = field(default_factory=Event)  # no call for this run waits any longer
    dropped: bool = False  # cancelled or lost: nothing more is sent for it
    stopping: bool = False  # this satellite ends
    gave_up: bool = False
    clock_offset: timedelta = timedelta(0)  # the server's clock less ours
    in_flight: int = 0
    heard_at: float = 0.0  # monotonic: when the server last took a report

    def __post_init__(self) -> None:
        self.pace = Throttle(self.plan.delay_seconds)
        self.frontier = Frontier(min(FRONTIER, 100 * self.plan.max_pages), self.plan.max_depth)
        self.frontier.add(self.plan.start, 0)
        self.sites = set(self.plan.sites)
        self._settled = asyncio.Event()

    @property
    def paused(self) -> bool:
        return self.pace.paused

    @property
    def halted(self) -> bool:
        return self.stopping or self.gave_up or self.dropped

    @property
    def over(self) -> bool:
        """Nothing more will be fetched."""
        enough = self.tally.crawled >= self.plan.max_pages
        return self.in_flight == 0 and (self.halted or enough or not self.queued)

    @property
    def queued(self) -> int:
        """Addresses found and not yet fetched."""
        return len(self.frontier) + self.in_flight

    def may_fetch(self) -> bool:
        """True while another request may start: never more in flight than pages still wanted."""
        wanted = min(self.plan.concurrency, self.plan.max_pages - self.tally.crawled)
        waits = self.halted or self.paused or self.outbox.full
        return not waits and self.in_flight < wanted and len(self.frontier) > 0

    def next(self) -> tuple[str, int]:
        """The next address and its depth. `settle` must follow, whatever becomes of it."""
        self.in_flight += 1
        return self.frontier.next()

    def settle(self) -> None:
        self.in_flight -= 1
        self._settled.set()

    def landed(self, seconds: float) -> None:
        self.tally.crawled += 1
        self.tally.seconds += seconds
        self.tally.in_a_row = 0

    def missed(self, error: BaseException | None) -> None:
        error = error or RuntimeError("no reason was given")
        self.tally.note(reason(error))
        if str(error) == FORBIDDEN:
            self.tally.forbidden += 1
        elif isinstance(error, PrivateAddress):
            self.tally.private += 1
        elif not isinstance(error, Passed):
            self.tally.errors += 1
            self.tally.in_a_row = self.tally.in_a_row + 1 if unanswered(error) else 0
            self.gave_up = self.gave_up or self.tally.in_a_row >= GIVE_UP_AFTER

    async def turn(self, host: str) -> None:
        """Waits until this host may be asked again. Raises Passed when the run ends before."""
        while (wait := self.pace.wait(host)) > 0 and not self.halted:
            await _look_again(wait)
        if self.halted:
            raise Passed("the run ended before its turn")
        self.pace.take(host)

    async def rest(self, seconds: float) -> None:
        """Waits before something is tried again. Raises Passed when the run ends before."""
        until = monotonic() + seconds
        while (wait := until - monotonic()) > 0 and not self.halted:
            await _look_again(wait)
        if seconds > 0 and self.halted:
            raise Passed("the run ended before its turn")

    async def room(self) -> None:
        """Waits until the outbox takes more rows: the crawl is never faster than the server."""
        while self.outbox.full and not self.halted:
            await _look_again(LOOK)

    async def moment(self) -> None:
        """Waits until a fetch has settled, or long enough to look again."""
        self._settled.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._settled.wait(), LOOK)

    def drop(self, why: str) -> None:
        """Nothing more is fetched, nothing more is sent."""
        if not self.dropped:
            log.info("%s: dropped, %s", self.plan.job_id, why)
            self.end()

    def end(self) -> None:
        self.dropped = True
        self.cut.set()

    def now(self) -> datetime:
        """The time on the server's clock, as far as ours is off by more than a connection takes."""
        return datetime.now(UTC) + self.clock_offset

    def stop(self) -> None:
        self.stopping = True
        self.cut.set()

    def obey(self, directive: Directive) -> None:
        """Heard twice, it does nothing more."""
        before = self.pace.paused, self.pace.delay
        match directive["directive"]:
            case "pause":
                self.pace.paused = True
            case "resume":
                self.pace.paused = False
            case "rate":
                self.pace.delay = directive["delay_seconds"]
            case "cancel":
                self.drop("the server took it back")
        if before != (self.pace.paused, self.pace.delay):
            log.info("%s: told to %s", self.plan.job_id, directive["directive"])


async def _look_again(wait: float) -> None:
    """The state a crawl waits for is set by other threads, so it looks."""
    await asyncio.sleep(min(wait, LOOK))
