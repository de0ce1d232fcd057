"""How background work went, counted in Redis by whoever did it and read by `/metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redis import Redis

_KEY = "mc:task_runs"  # a hash: <task>:<outcome> how often, <task>:seconds how long in all


def save_run(redis: Redis, task: str, outcome: str, seconds: float) -> None:
    with redis.pipeline(transaction=False) as pipe:
        pipe.hincrby(_KEY, f"{task}:{outcome}", 1)
        pipe.hincrbyfloat(_KEY, f"{task}:seconds", seconds)
        pipe.execute()


def get_runs(redis: Redis) -> dict[tuple[str, str], float]:
    """By task and outcome (or `seconds`)."""
    stored: Any = redis.hgetall(_KEY)
    fields = {name.decode().rpartition(":"): float(value) for name, value in stored.items()}
    return {(task, outcome): value for (task, _, outcome), value in fields.items()}
