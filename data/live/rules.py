"""What the numbers mean: which satellite is late, which job stands still, when the queue is empty. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from data.missions.rules import HEARTBEAT_S, LEASE_S

LATE_AFTER_S = 1.5 * HEARTBEAT_S
STALLED_AFTER_S = 120.0
SLOW_MS = 500
BEAT_LATE_S = 15
VIEW_LATE_S, VIEW_DOWN_S = 120, 900
MINUTES = 60
FRESH_S = 3600.0


def satellite_status(status: str, heard_s: float, *, has_job: bool) -> str:
    """active | idle | paused | late | lost; `heard_s` is the age of the last heartbeat."""
    if status == "lost" or heard_s > LEASE_S:
        return "lost"
    if heard_s > LATE_AFTER_S:
        return "late"
    if status == "paused":
        return "paused"
    return "active" if has_job or status == "working" else "idle"


def failure_severity(status: str, age_s: float) -> str:
    """A failure is most pressing while it is new; one that a satellite's silence caused is less so."""
    fresh = age_s < FRESH_S
    if status == "abnormal":
        return "serious" if fresh else "caution"
    return "critical" if fresh else "serious"


def fleet_rate(told: list[float | None]) -> float | None:
    """Pages a minute of all satellites together; None while none of those that have told any is at work and others
    have not told theirs yet."""
    known = sum(rate for rate in told if rate is not None)
    return round(known, 1) if known or None not in told else None


def utilisation(working: int, known: int) -> float:
    """Percent of the satellites that have work."""
    return round(100 * working / known, 1) if known else 0.0


def drain_seconds(queued: int, completed_in_an_hour: int) -> int | None:
    """How long the queue lasts at the pace of the last hour; None where nothing was completed."""
    if not queued:
        return 0
    return round(queued * 3600 / completed_in_an_hour) if completed_in_an_hour else None


def answered(latency_ms: float) -> dict[str, Any]:
    return {"status": "ok" if latency_ms <= SLOW_MS else "degraded", "latency_ms": round(latency_ms)}


def heartbeat(stamp: float | None, now: float) -> dict[str, Any]:
    """A process by its last heartbeat, both in epoch seconds."""
    if stamp is None:
        return {"status": "down"}
    age = max(0, round(now - stamp))
    return {"status": "ok" if age <= BEAT_LATE_S else "degraded", "age_s": age}


def views(overdue_s: list[float], ages_s: list[float]) -> dict[str, Any]:
    """All views together: as bad as the one that waits longest for its refresh, as old as the oldest."""
    worst = max(overdue_s, default=0.0)
    status = "down" if worst > VIEW_DOWN_S else "degraded" if worst > VIEW_LATE_S else "ok"
    return {"status": status} | ({"age_s": max(0, round(max(ages_s)))} if ages_s else {})


def series(rows: dict[datetime, Any], last: datetime, *, gap: float | None = None) -> list[Any]:
    """One value for each of the sixty minutes up to `last`, oldest first; `gap` where there is none."""
    return [rows.get(last - timedelta(minutes=back), gap) for back in range(MINUTES - 1, -1, -1)]


def since_known(values: list[Any]) -> list[Any]:
    """Without the nulls at the beginning: what was never noted is no value to compare with."""
    first = next((place for place, value in enumerate(values) if value is not None), len(values))
    return values[first:]


class Stillness:
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
