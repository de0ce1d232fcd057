"""The one retry loop: what is tried again, how long it waits, when it gives up."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NoReturn

import httpx
import tenacity

from clients.sdk.errors import ApiError, Interrupted, Unreachable

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

PASSING = frozenset({429, 502, 503, 504})
BACKOFF = tenacity.wait_random_exponential(multiplier=0.25, max=10)


def attempts(patience: float, closing: threading.Event) -> tenacity.Retrying:
    """Tries again for up to `patience` seconds, and no longer than until `closing` is set."""
    return tenacity.Retrying(
        retry=tenacity.retry_if_exception(_passes),
        wait=_wait,
        stop=tenacity.stop_never if math.isinf(patience) else tenacity.stop_before_delay(patience),
        sleep=_sleep_until(closing),
        retry_error_callback=_give_up,
    )


def _passes(error: BaseException) -> bool:
    return isinstance(error, httpx.RequestError) or (isinstance(error, ApiError) and error.status in PASSING)


def _wait(state: tenacity.RetryCallState) -> float:
    error = _error(state)
    asked = error.retry_after if isinstance(error, ApiError) else None
    return BACKOFF(state) + (asked or 0.0)


def _sleep_until(closing: threading.Event) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        if closing.wait(seconds):
            raise Interrupted("stopped while waiting for the server")

    return sleep


def _give_up(state: tenacity.RetryCallState) -> NoReturn:
    error = _error(state)
    if isinstance(error, ApiError):
        raise error
    why = str(error) or type(error).__name__
    raise Unreachable(f"no answer after {state.attempt_number} attempts: {why}") from error


def _error(state: tenacity.RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
