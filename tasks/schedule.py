"""When what is done: each area's own seconds, and the machinery's. A run that waited longer than its interval is
dropped, the next one is due."""

from __future__ import annotations

from typing import Any

from data.areas import AREAS

_MACHINERY: dict[str, float] = {
    "worker_heartbeat": 3,
    "relay_jobs": 1,
    "refresh_rollups": 3,
    "refresh_views": 5,
    "make_partitions": 3600,
    "prune": 3600,
}
SECONDS: dict[str, float] = _MACHINERY | {name: seconds for area in AREAS for name, seconds in area.every.items()}


def schedule() -> dict[str, Any]:
    return {
        name: {"task": name, "schedule": seconds, "options": {"expires": max(seconds, 5)}}
        for name, seconds in SECONDS.items()
    }
