"""What a mission may become, when it will be done, and what a satellite is to be told. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

from data import urls

Status = Literal["queued", "running", "paused", "completed", "failed", "cancelled", "abnormal"]
Verb = Literal["pause", "resume", "cancel", "retry"]

ACTIVE: tuple[Status, ...] = ("queued", "running", "paused")
ENDED: tuple[Status, ...] = ("completed", "failed", "cancelled", "abnormal")
VERBS: tuple[Verb, ...] = ("pause", "resume", "cancel", "retry")

_FROM: dict[Verb, frozenset[Status]] = {
    "pause": frozenset({"queued", "running"}),
    "resume": frozenset({"paused"}),
    "cancel": frozenset({"queued", "running", "paused", "abnormal"}),
    "retry": frozenset({"failed", "cancelled", "abnormal"}),
}

HEARTBEAT_S = 10
LEASE_S = 60
GOODBYE = timedelta(seconds=1.5 * HEARTBEAT_S)  # who said that it stops and is silent for so long has stopped
REQUEUE_AFTER_S = 10  # long enough as ABNORMAL for a person to see it
REQUEUES = 1
IMPORTED = "import"  # stands as submitter where a program's ingest brought the mission as history

_FARTHEST_S = 365 * 86_400
QUEUE_GROWS = "queue grows, no ETA"
REFILLS = "queue refills, no ETA"
TOO_EARLY = "no ETA yet"
NO_PACE = "no page fetched yet"

# The band of 80 %, fitted to recorded crawls of many shapes; `make bench` (eta) holds it against new ones.
_MEMORY = 2.0, 12.0  # of the time so far, how much pace remembers: a half, and lately a twelfth
_SHARE = 0.25  # of what was fetched so far, how much `found` remembers
_GROWS, _REFILLS = 0.95, 0.6  # addresses found for each one fetched
_SMALL = 3  # a queue of less than a third of what was fetched may be a list that fills again
_LULL = 1.2  # a pause longer than any before means that finding is over
_NEW_MIDDLE, _NEW_MOST, _NEW_EARLY = 0.3, 1.1, 0.8
_UNSTEADY, _LEAST_UNSTEADY, _FEW = 0.6, 0.05, 0.5
_REPORT_S = 1.0  # the end is told with a report, and those are a second apart


def next_status(status: Status, verb: Verb, *, leased: bool) -> Status | None:
    """Where `verb` leads from `status`, or None where it is forbidden. A paused job that is leased runs on."""
    if status not in _FROM[verb]:
        return None
    if verb == "resume":
        return "running" if leased else "queued"
    return {"pause": "paused", "cancel": "cancelled", "retry": "queued"}[verb]  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Pace:
    """What the ETA remembers. Settled are pages crawled and addresses that failed: `settled_s` a second since long,
    `lately_s` in the last of it, `spread` (0–1) how far the two lie apart as a rule; `found` is how many new addresses
    each settled one brings, None until there are two reports; `quiet` were settled since the last new address, `lull`
    is the longest such pause that ended."""

    at: float
    crawled: int
    queued: int
    errors: int = 0
    settled_s: float = 0.0
    lately_s: float = 0.0
    found: float | None = None
    spread: float = 0.2
    quiet: int = 0
    lull: int = 0

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Pace | None:
        """What was kept of it, perhaps by another version; None where that is nothing."""
        names = {each.name for each in fields(cls)}
        known = {name: value for name, value in kept.items() if name in names}
        return cls(**known) if {"at", "crawled", "queued"} <= known.keys() else None

    @property
    def settled(self) -> int:
        return self.crawled + self.errors

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Eta:
    estimate: datetime | None = None
    low: datetime | None = None
    high: datetime | None = None
    note: str | None = None


def observe(pace: Pace | None, at: float, crawled: int, queued: int, *, errors: int = 0, began: float) -> Pace:
    """The pace after a progress report at `at` of a run that `began` (epoch seconds). Reports within half a second are
    joined."""
    settled, lasted = crawled + errors, max(0.5, at - began)
    if pace is None or settled < pace.settled or at < pace.at or not pace.settled_s:
        return Pace(at, crawled, queued, errors, settled / lasted, settled / lasted)
    seconds = at - pace.at
    if seconds < 0.5:
        return pace
    new = settled - pace.settled
    found = max(0, new + queued - pace.queued)
    long, short = (_weight(seconds, max(2.0, lasted / memory)) for memory in _MEMORY)
    mean = pace.settled_s + long * (new / seconds - pace.settled_s)
    lately = pace.lately_s + short * (new / seconds - pace.lately_s)
    off = min(1.0, abs(lately - mean) / mean) if mean > 0 else 1.0
    return Pace(
        at,
        crawled,
        queued,
        errors,
        mean,
        lately,
        _found(pace.found, found, new, settled),
        pace.spread + long * (off - pace.spread),
        0 if found else pace.quiet + new,
        max(pace.lull, pace.quiet) if found else pace.lull,
    )


def _weight(step: float, memory: float) -> float:
    return 1 - math.exp(-step / memory)


def _found(before: float | None, found: int, new: int, settled: int) -> float | None:
    if not new:
        return before
    each = found / new
    return each if before is None else before + _weight(new, _SHARE * settled + 5) * (each - before)


def eta(pace: Pace, now: datetime, max_pages: int | None) -> Eta:
    """When the queue is empty or the page limit is reached, with a band; honest where neither comes into sight."""
    if not pace.settled or pace.settled_s <= 0:
        return Eta(note=NO_PACE)
    ahead = _ahead(pace, max_pages)
    if isinstance(ahead, str):
        return Eta(note=ahead)
    unsteady = _LEAST_UNSTEADY + _UNSTEADY * pace.spread + _FEW / math.sqrt(pace.settled)
    least, middle, most = (addresses / pace.settled_s for addresses in ahead)
    if most * (1 + unsteady) > _FARTHEST_S:
        return Eta(note=QUEUE_GROWS)
    low = max(0.0, least / (1 + unsteady) - _REPORT_S)
    high = most * (1 + unsteady) + _REPORT_S
    estimate, soonest, latest = (now + timedelta(seconds=seconds) for seconds in (middle, low, high))
    return Eta(estimate, soonest, latest)


def _ahead(pace: Pace, max_pages: int | None) -> tuple[float, float, float] | str:
    """How many addresses are still to be settled, at least, probably and at most; or why nobody can tell.

    What is queued is certain. What will be found on it is not: most sites that are found on find little more, some go
    on for ever. Where the queue is short beside what was fetched and still fills, the next list may be the last.
    """
    queued, limit = float(pace.queued), _until_limit(pace, max_pages)
    if queued >= limit or not queued:
        whole = min(queued, limit)
        return whole, whole, whole
    if pace.found is None:
        return TOO_EARLY
    short = queued < pace.settled / _SMALL
    pausing = pace.quiet <= _LULL * pace.lull and queued <= 2 * pace.lull
    if pace.found >= _GROWS or (short and (pace.found >= _REFILLS or pausing)):
        if limit > pace.settled:
            return REFILLS if short else QUEUE_GROWS
        return min(limit, max(queued, pace.settled / 9)), limit, limit  # who came this far probably comes that far
    early = _NEW_EARLY * queued / (pace.settled + queued)
    middle, most = queued * (1 + _NEW_MIDDLE * pace.found), queued * (1 + _NEW_MOST * pace.found + early)
    return queued, min(limit, middle), min(limit, most)


def _until_limit(pace: Pace, max_pages: int | None) -> float:
    """Addresses to settle until the page limit, which counts pages that could be read."""
    if max_pages is None:
        return math.inf
    return max(0, max_pages - pace.crawled) * pace.settled / pace.crawled if pace.crawled else math.inf


def progress(crawled: int, queued: int, max_pages: int | None) -> float:
    """Percent of what is known to be ahead."""
    whole = crawled + queued
    if max_pages:
        whole = min(whole, max_pages)
    return min(100.0, 100.0 * crawled / whole) if whole > 0 else 0.0


def directives(job: dict[str, Any]) -> list[dict[str, Any]]:
    """What the satellite that holds `job` is to be told, each time it asks: all of it may be heard twice.

    `job` has job_id, status, held (bool), delay and leased_delay (seconds or None), was_paused.
    """
    told = {"job_id": job["job_id"]}
    if not job["held"] or job["status"] not in ("running", "paused"):
        return [{"directive": "cancel", **told}]
    said: list[dict[str, Any]] = []
    if job["status"] == "paused":
        said.append({"directive": "pause", **told})
    elif job["was_paused"]:
        said.append({"directive": "resume", **told})
    if job["delay"] is not None and job["delay"] != job["leased_delay"]:
        said.append({"directive": "rate", "delay_seconds": job["delay"], **told})
    return said


def private_sites(policy: str, job: dict[str, Any]) -> list[str]:
    """The host:port of private networks that a satellite may connect to for this mission: those that it names itself.

    Only people and programs with missions:operate submit and change missions; history that was ingested is trusted with
    nothing. An address names its one port, a bare host those of http and https.
    """
    if policy != "own" or job["submitted_by"] == IMPORTED:
        return []
    config = job["config"] or {}
    further = config.get("allowed_sites")
    named = [job["target_url"], config.get("start_url"), *(further if isinstance(further, list) else ())]
    return sorted({site for name in named if isinstance(name, str) for site in _sites(name)})


def _sites(name: str) -> set[str]:
    name = name.strip()
    is_exact = "://" in name or re.search(r":\d+$", name)
    schemes = ("",) if "://" in name else ("http://",) if is_exact else ("http://", "https://")
    try:
        return {urls.host_and_port(urls.parse(f"{scheme}{name}")) for scheme in schemes}
    except ValueError:
        return set()
