"""The way to Redis. It is an accelerator: every question has a short time-out, and after a failure nobody asks for a
few seconds, so that a dead or hung server costs a request at most one time-out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from data.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

TIMEOUT_S = 0.5
REST_AFTER_FAILURE_S = 3.0
JOB_QUEUE = "job_queue"

T = TypeVar("T")


def create_redis(url: str, *, timeout: float = TIMEOUT_S) -> Redis:
    return Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        health_check_interval=10,
        retry=Retry(NoBackoff(), 0),
    )


class Cache:
    """Redis behind a breaker: `ask` answers within the time-out or raises Unavailable at once."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._rests_until = 0.0

    def ask(self, question: Callable[[Redis], T]) -> T:
        if time.monotonic() < self._rests_until:
            raise Unavailable("Redis does not answer", retry_after=REST_AFTER_FAILURE_S)
        try:
            return question(self.redis)
        except (RedisError, OSError) as error:
            self._rests_until = time.monotonic() + REST_AFTER_FAILURE_S
            raise Unavailable(f"Redis does not answer: {error}", retry_after=REST_AFTER_FAILURE_S) from error

    def try_to(self, question: Callable[[Redis], T]) -> T | None:
        """Like `ask`, for what may be left out: None when Redis is away."""
        try:
            return self.ask(question)
        except Unavailable:
            return None
