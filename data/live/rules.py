"""What the heartbeats of the services mean, and a series of minutes. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from data.status import Status

SLOW_MS = 500
BEAT_LATE_S = 15
VIEW_LATE_S, VIEW_DOWN_S = 120, 900
MINUTES = 60

_SERVICES = {"ok": Status.NORMAL, "degraded": Status.CAUTION, "down": Status.CRITICAL}


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


def with_symbol(service: dict[str, Any]) -> dict[str, Any]:
    return service | {"symbol": _SERVICES.get(service["status"], Status.OFF)}


def series(rows: dict[datetime, Any], last: datetime, *, gap: float | None = None) -> list[Any]:
    """One value for each of the sixty minutes up to `last`, oldest first; `gap` where there is none."""
    return [rows.get(last - timedelta(minutes=back), gap) for back in range(MINUTES - 1, -1, -1)]


def since_known(values: list[Any]) -> list[Any]:
    """Without the nulls at the beginning: what was never noted is no value to compare with."""
    first = next((place for place, value in enumerate(values) if value is not None), len(values))
    return values[first:]
