"""What a look at a page means for a link that was missed or lost. Pure.

SUSPECTED ──found──▶ live (cleared)          LOST ──found──▶ RECOVERED
    └─ missing, twice ─▶ LOST (confirmed)      └─ missing ─▶ LOST (looked for again, ever more rarely, then no more)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from datetime import datetime

LinkState = Literal["live", "suspected", "confirmed_lost", "recovered"]
Verdict = Literal["suspected", "cleared", "confirmed", "recovered", "still_lost"]
LostReason = Literal[
    "not_found",
    "redirected",
    "noindex",
    "not_canonical",
    "crawl_error",
    "dropped",
    "link_removed",
    "broken_redirect",
]
REASONS: tuple[LostReason, ...] = get_args(LostReason)
Outcome = Literal["found", LostReason]
Refused = Literal["refused"]  # nobody looked: the page is on a private network, where satellites do not go
TRIES = 2  # looks that must miss a link before it is lost
LOOKS = 6  # looks in all: a lost link may come back
PATIENCE = 4  # the first look for a lost link comes after so many intervals, each further one after twice as many
SIMULATED_INTERVAL = timedelta(seconds=90)  # a simulation tells in minutes what takes hours
REFUSED_FOR = timedelta(days=1)  # until a page that nobody may look at is tried again: nothing is said of its links
LEASE = timedelta(minutes=2)  # a look that was promised and not reported is given to another satellite


@dataclass(frozen=True, slots=True)
class Step:
    state: LinkState
    verdict: Verdict
    next_look: datetime | None


def step(state: LinkState, outcome: Outcome, attempt: int, now: datetime, interval: timedelta) -> Step:
    """What follows from the `attempt`-th look (counted from 1) at a suspected or a lost link."""
    if outcome == "found":
        return Step("recovered", "recovered", None) if state == "confirmed_lost" else Step("live", "cleared", None)
    if state == "suspected" and attempt < TRIES:
        return Step("suspected", "suspected", now + interval)
    verdict: Verdict = "still_lost" if state == "confirmed_lost" else "confirmed"
    wait = interval * PATIENCE * 2 ** max(0, attempt - TRIES)
    return Step("confirmed_lost", verdict, now + wait if attempt < LOOKS else None)


def interval(seconds: int, *, simulated: bool) -> timedelta:
    """The time between two looks at the same page."""
    asked = timedelta(seconds=seconds)
    return min(asked, SIMULATED_INTERVAL) if simulated else asked


def precision(confirmed: int, cleared: int) -> float | None:
    """The share of suspicions that were right, of those that are settled; None before there are any."""
    settled = confirmed + cleared
    return confirmed / settled if settled else None
