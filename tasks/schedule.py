"""When what is done: one line a task. A run that waited longer than its interval is dropped, the next one is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.settings import Settings

SECONDS: dict[str, float] = {
    "worker_heartbeat": 3,
    "refresh_rollups": 3,
    "refresh_link_sets": 15,
    "refresh_views": 5,
    "watch_backlinks": 10,
    "reap_lost_jobs": 5,
    "return_credits": 5,
    "value_domains": 10,
    "ask_registries": 15,
    "read_feeds": 20,
    "make_forecasts": 60,
    "score_forecasts": 120,
    "check_ledgers": 60,
    "make_partitions": 3600,
    "prune": 3600,
}


def schedule(_: Settings) -> dict[str, Any]:
    return {
        name: {"task": name, "schedule": seconds, "options": {"expires": max(seconds, 5)}}
        for name, seconds in SECONDS.items()
    }
