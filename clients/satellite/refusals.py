"""What becomes of a batch that the server did not take: decided from the answer alone."""

from __future__ import annotations

import random
from enum import Enum, auto
from typing import TYPE_CHECKING

from clients.sdk import ApiError

if TYPE_CHECKING:
    from clients.sdk import SdkError

LONGEST_PAUSE = 10.0  # s, beside what the server asks for


class Refusal(Enum):
    BUSY = auto()  # asked too often: the same again, later
    TIME = auto()  # away, hung or too slow: smaller and later, for as long as it takes
    DEFECT = auto()  # the server failed over it: smaller and later, a few times
    ROWS = auto()  # too big, or not to its liking: smaller at once, and a single row is dropped
    US = auto()  # no row of ours will ever be taken


def refusal(error: SdkError) -> Refusal:
    if not isinstance(error, ApiError) or error.status < 400:  # no answer, or not Mission Control's
        return Refusal.TIME
    if error.status == 429:
        return Refusal.BUSY
    if error.status in {408, 502, 503, 504}:
        return Refusal.TIME
    if error.status in {401, 403, 404, 405}:
        return Refusal.US
    return Refusal.DEFECT if error.status >= 500 else Refusal.ROWS


def pause(error: SdkError, failures: int) -> float:
    """Seconds before the next attempt, after so many failures in a row."""
    asked = error.retry_after if isinstance(error, ApiError) else None
    spread = random.uniform(0.5, 1)  # noqa: S311 — it only keeps satellites from knocking together
    return (asked or 0.0) + spread * min(LONGEST_PAUSE, 0.25 * 2.0 ** min(failures, 10))
