"""How often a caller may ask: counted in Redis for all web processes together, in memory while Redis is away."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import g, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from data.cache import REST_AFTER_FAILURE_S, TIMEOUT_S
from data.errors import TooMany

if TYPE_CHECKING:
    from flask import Flask, Response

    from data.services import Services
    from data.settings import Settings


class Limiter:
    """`hit` counts one request; a caller over its limit gets TooMany with the seconds to wait."""

    def __init__(self, services: Services) -> None:
        pool = services.cache.redis.connection_pool
        storage = RedisStorage(
            "redis://", connection_pool=pool, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S
        )
        self._shared = FixedWindowRateLimiter(storage)
        self._local = FixedWindowRateLimiter(MemoryStorage())
        self._rests_until = 0.0

    def hit(self, kind: str, caller: str, a_minute: int) -> None:
        limit = RateLimitItemPerMinute(a_minute, 1)
        strategy = self._local if time.monotonic() < self._rests_until else self._shared
        try:
            self._count(strategy, limit, kind, caller)
        except (RedisError, OSError):
            self._rests_until = time.monotonic() + REST_AFTER_FAILURE_S
            self._count(self._local, limit, kind, caller)

    def _count(self, strategy: FixedWindowRateLimiter, limit: RateLimitItemPerMinute, kind: str, caller: str) -> None:
        allowed = strategy.hit(limit, kind, caller)
        reset, remaining = strategy.get_window_stats(limit, kind, caller)
        wait = max(1, round(reset - time.time()))
        g.rate = (kind, limit.amount, max(0, remaining), wait)
        if not allowed:
            raise TooMany(f"More than {limit.amount} requests a minute; wait {wait} s", retry_after=wait)


def _headers(response: Response) -> Response:
    rate = g.get("rate")
    if rate:
        kind, amount, remaining, wait = rate
        response.headers["RateLimit-Policy"] = f'"{kind}";q={amount};w=60'
        response.headers["RateLimit"] = f'"{kind}";r={remaining};t={wait}'
    return response


def kind_and_amount(settings: Settings) -> tuple[str, int]:
    if request.path.startswith("/api/v1/ingest/"):
        return "ingest", settings.rate_limit_ingest
    return "api", settings.rate_limit_api


def register(server: Flask) -> None:
    server.after_request(_headers)
