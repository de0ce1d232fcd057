"""What the numbers of missions mean: which satellite is late, which job stands still, when the queue is empty, and
how bad that is. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.missions.rules import HEARTBEAT_S, LEASE_S, QUEUE_GROWS, TOO_EARLY
from data.status import Status, worst

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

LATE_AFTER_S = 1.5 * HEARTBEAT_S
STALLED_AFTER_S = 120.0
OLD_QUEUE_S = 900.0

_SATELLITES = {
    "active": Status.NORMAL,
    "idle": Status.STANDBY,
    "paused": Status.STANDBY,
    "late": Status.CAUTION,
    "lost": Status.CRITICAL,
}
_JOBS = {
    "paused": Status.STANDBY,
    "queued": Status.OFF,
    "completed": Status.NORMAL,
    "cancelled": Status.OFF,
}


def satellite_status(status: str, heard_s: float, *, has_job: bool) -> str:
    """active | idle | paused | late | lost | off (it said goodbye); `heard_s` is the age of the last heartbeat."""
    if status == "stopping" and heard_s > LATE_AFTER_S:
        return "off"
    if status == "lost" or heard_s > LEASE_S:
        return "lost"
    if heard_s > LATE_AFTER_S:
        return "late"
    if status == "paused":
        return "paused"
    return "active" if has_job or status == "working" else "idle"


def fleet_rate(fleet: Collection[dict[str, Any]]) -> float | None:
    """Pages a minute of all satellites together; None while those at work have not measured theirs yet."""
    known = [one["ppm"] for one in fleet if "ppm" in one]
    unknown = any(one["status"] == "active" and "ppm" not in one for one in fleet)
    return None if unknown and not any(known) else round(sum(known), 1)


def satellite_symbol(status: str) -> Status:
    return _SATELLITES.get(status, Status.OFF)


def job_symbol(status: str, *, stalled: bool = False, note: str | None = None, eta_note: str | None = None) -> Status:
    """A running job is in trouble when it stands still, and needs a look when it says so or its queue only grows:
    nothing else that keeps an end out of sight is a trouble."""
    if status == "running":
        return Status.CRITICAL if stalled else Status.CAUTION if note or eta_note == QUEUE_GROWS else Status.NORMAL
    return _JOBS.get(status) or failure_severity(status)


def job_word(
    status: str, *, stalled: bool = False, note: str | None = None, has_eta: bool = False, eta_note: str | None = None
) -> str | None:
    """What a job is called on the wall; None where the browser counts: the time to its end, its place in the queue."""
    if status == "queued":
        return None
    if status != "running":
        return status.upper()
    if note or stalled:
        return (note or "STALLED").upper()
    return None if has_eta else (eta_note or TOO_EARLY).upper()


def jobs_status(symbols: Iterable[Status]) -> Status:
    """Of all jobs that are seen: those that wait say nothing."""
    return worst(symbol for symbol in symbols if symbol is not Status.OFF)


def fleet_status(symbols: Iterable[Status]) -> Status:
    return worst(symbols)


def queue_status(depth: int, oldest_s: float | None) -> Status:
    if oldest_s is not None and oldest_s > OLD_QUEUE_S:
        return Status.CAUTION
    return Status.NORMAL if depth else Status.STANDBY


def rate_status(pages_per_minute: float | None) -> Status:
    return Status.NORMAL if pages_per_minute else Status.STANDBY


def failure_severity(status: str) -> Status:
    """How pressing a failure is until somebody takes it on, however old it gets; one that a satellite's silence caused
    is less so."""
    return Status.SERIOUS if status == "abnormal" else Status.CRITICAL


def failures_status(waiting: Iterable[Status], *, taken: int) -> Status:
    """Of the failures that nobody has taken on; those that are in somebody's hands leave it at standby."""
    return max(worst(waiting), Status.STANDBY if taken else Status.OFF, key=lambda status: status.rank)


def utilisation(working: int, known: int) -> float:
    """Percent of the satellites that have work."""
    return round(100 * working / known, 1) if known else 0.0


def drain_seconds(queued: int, completed_in_an_hour: int) -> int | None:
    """How long the queue lasts at the pace of the last hour; None where nothing was completed."""
    if not queued:
        return 0
    return round(queued * 3600 / completed_in_an_hour) if completed_in_an_hour else None


class StallDetector:
    """Remembers since when each running job has fetched no page."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, datetime]] = {}

    def stalled(self, jobs: dict[str, int], now: datetime) -> set[str]:
        """Of the running jobs (with their pages so far) those that stand still."""
        self._seen = {
            job_id: seen if (seen := self._seen.get(job_id)) and seen[0] == pages else (pages, now)
            for job_id, pages in jobs.items()
        }
        return {job_id for job_id, (_, since) in self._seen.items() if (now - since).total_seconds() > STALLED_AFTER_S}
