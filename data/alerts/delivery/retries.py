"""What an answer means, and when to try again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

FIRST_S, LONGEST_S = 1.0, 300.0
FALLBACK_AFTER = timedelta(seconds=60)  # what has not arrived by then goes over the fallback as well
GIVE_UP = timedelta(hours=24)
DEAD_AFTER = 5  # failures for good, one after another
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_WORDS = 300


class Fate(StrEnum):
    SENT = "sent"
    PASSING = "passing"
    PERMANENT = "permanent"
    GONE = "gone"  # nothing will ever arrive there: the channel is closed


@dataclass(frozen=True, slots=True)
class Outcome:
    """`reference` is how the receiver calls the message, where it can be changed; `lost`: the message that was to be
    changed is not there any more, and another is sent instead."""

    fate: Fate
    reason: str = ""
    retry_after: float | None = None
    reference: dict[str, Any] | None = None
    lost: bool = False


def outcome_of_status(status: int, words: str, retry_after: str | None, now: datetime) -> Outcome:
    """What a status means where the receiver's own documents say nothing else."""
    if 200 <= status < 300:
        return Outcome(Fate.SENT)
    reason = f"HTTP {status}: {words}"[:_WORDS] if words else f"HTTP {status}"
    if status in _PASSING or status >= 500:
        return Outcome(Fate.PASSING, reason, parse_retry_after(retry_after, now))
    if status == HTTPStatus.GONE:
        return Outcome(Fate.GONE, reason)
    return Outcome(Fate.PERMANENT, f"{reason}: redirects are not followed" if 300 <= status < 400 else reason)


def parse_retry_after(header: str | None, now: datetime) -> float | None:
    """The seconds of a Retry-After, written as such or as a date; None for what is neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(min(int(text[:9]), 10**6))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())


def retry_delay(attempts: int, share: float, retry_after: float | None = None) -> float:
    """Seconds before the next try: full jitter (`share` in 0 … 1) below a bound that doubles, and never before the
    receiver's own word; five minutes at most."""
    jitter = share * min(LONGEST_S, FIRST_S * 2.0 ** min(attempts, 20))
    return min(LONGEST_S, max(retry_after or 0.0, jitter))
