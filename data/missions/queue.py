"""The Redis list `job_queue`: the waiting jobs as programs see them. PostgreSQL is the truth; this list follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from data.cache import JOB_QUEUE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redis import Redis
    from sqlalchemy import Connection

    from data.cache import Cache


def follow(cache: Cache, job_id: str, *, queued: bool) -> None:
    """Bring one job's place in the list up to date; what fails here is mended by `mirror`."""

    def move(redis: Redis) -> None:
        with redis.pipeline(transaction=True) as pipe:
            pipe.lrem(JOB_QUEUE, 0, job_id)
            if queued:
                pipe.rpush(JOB_QUEUE, job_id)
            pipe.execute()

    cache.try_to(move)


def mirror(connection: Connection, cache: Cache) -> int:
    """Make the list equal to the queued jobs, in the order in which they will be leased; returns its length."""
    rows = connection.execute(
        text("select job_id from crawl_jobs where status = 'queued' order by priority desc, queued_at")
    )
    wanted = [row.job_id for row in rows]
    cache.ask(lambda redis: _rewrite(redis, wanted))
    return len(wanted)


def _rewrite(redis: Redis, wanted: Iterable[str]) -> None:
    found: Any = redis.lrange(JOB_QUEUE, 0, -1)
    wanted = list(wanted)
    if [item.decode() for item in found] == wanted:
        return
    with redis.pipeline(transaction=True) as pipe:
        pipe.delete(JOB_QUEUE)
        if wanted:
            pipe.rpush(JOB_QUEUE, *wanted)
        pipe.execute()
