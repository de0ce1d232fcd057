"""What a mission may become, when it will be done, and what a satellite is to be told. Pure."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from ada_url import URL

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

_PORTS = {"http:": "80", "https:": "443"}

_SMOOTHING = 0.3
_BAND_MIN, _BAND_MAX = 0.05, 0.6
_FARTHEST_S = 365 * 86_400
QUEUE_GROWS = "queue grows, no ETA"
NO_PACE = "no page fetched yet"
PACE_UNKNOWN = "pace not measured yet, no ETA"


def next_status(status: Status, verb: Verb, *, leased: bool) -> Status | None:
    """Where `verb` leads from `status`, or None where it is forbidden. A paused job that is leased runs on."""
    if status not in _FROM[verb]:
        return None
    if verb == "resume":
        return "running" if leased else "queued"
    return {"pause": "paused", "cancel": "cancelled", "retry": "queued"}[verb]  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Pace:
    """What the ETA remembers: pages a second fetched and found, and how unsteady the fetching is (0–1)."""

    at: float
    crawled: int
    queued: int
    fetched_s: float = 0.0
    found_s: float = 0.0
    spread: float = 0.3

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Eta:
    estimate: datetime | None = None
    low: datetime | None = None
    high: datetime | None = None
    note: str | None = None


def observe(pace: Pace | None, at: float, crawled: int, queued: int) -> Pace:
    """The pace after a progress report at `at` (epoch seconds). Reports within half a second are joined."""
    if pace is None or crawled < pace.crawled or at < pace.at:
        return Pace(at, crawled, queued)
    seconds = at - pace.at
    if seconds < 0.5:
        return pace
    fetched = (crawled - pace.crawled) / seconds
    found = max(0.0, fetched + (queued - pace.queued) / seconds)
    if pace.fetched_s == 0.0:
        return Pace(at, crawled, queued, fetched, found)
    weight = 1 - (1 - _SMOOTHING) ** max(1.0, seconds / 2)
    mean = pace.fetched_s + weight * (fetched - pace.fetched_s)
    off = abs(fetched - mean) / mean if mean > 0 else 1.0
    return Pace(
        at,
        crawled,
        queued,
        mean,
        pace.found_s + weight * (found - pace.found_s),
        pace.spread + weight * (min(1.0, off) - pace.spread),
    )


def eta(pace: Pace, now: datetime, max_pages: int | None) -> Eta:
    """When the queue is empty or the page limit is reached, with a band; honest where neither comes into sight."""
    if pace.fetched_s <= 0:
        return Eta(note=PACE_UNKNOWN if pace.crawled else NO_PACE)
    band = min(_BAND_MAX, max(_BAND_MIN, pace.spread))
    middle = _seconds_left(pace, pace.fetched_s, max_pages)
    if not math.isfinite(middle) or middle > _FARTHEST_S:
        return Eta(note=QUEUE_GROWS)
    low = _seconds_left(pace, pace.fetched_s * (1 + band), max_pages)
    high = min(_seconds_left(pace, pace.fetched_s * (1 - band), max_pages), 4 * middle + 60)
    estimate, soonest, latest = (now + timedelta(seconds=seconds) for seconds in (middle, low, high))
    return Eta(estimate, soonest, latest)


def _seconds_left(pace: Pace, fetched_s: float, max_pages: int | None) -> float:
    growth = fetched_s - pace.found_s
    until_empty = pace.queued / growth if growth > 0 else math.inf if pace.queued else 0.0
    until_limit = max(0, max_pages - pace.crawled) / fetched_s if max_pages else math.inf
    return min(until_empty, until_limit)


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
    try:
        url = URL(name if "://" in name else f"http://{name}")
    except ValueError:
        return set()
    exact = "://" in name or re.search(r":\d+$", name)
    ports = [url.port or _PORTS.get(url.protocol, "")] if exact else list(_PORTS.values())
    return {f"{url.hostname}:{port}" for port in ports if port}
