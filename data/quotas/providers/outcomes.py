"""What a provider's answer means: for the caller, for the bill, for the provider's state. Pure.

| answer | outcome | state |
|---|---|---|
| 402, or 403 that speaks of quota | exhausted | exhausted until the reset |
| 429 with Retry-After | throttled | cooldown until then |
| 429 without | throttled or exhausted | what its account says: nothing left is exhausted, else cooldown |
| 401 | unauthorised | disabled, until the key is another one or somebody sets it active |
| no answer in time, none at all, 5xx, no JSON | timeout, unreachable, failed, bad_answer | 3 in a row: cooldown |
| 400, 422 | bad_request | none: the query is wrong, not the provider |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.quotas.catalogue.records import Provider

Outcome = Literal[
    "ok",
    "not_found",
    "failed",
    "timeout",
    "unreachable",
    "bad_answer",
    "bad_request",
    "throttled",
    "exhausted",
    "unauthorised",
]
State = Literal["active", "cooldown", "exhausted", "disabled", "retired"]

ANSWERED: frozenset[Outcome] = frozenset({"ok", "not_found"})
_FAILED: frozenset[Outcome] = frozenset({"failed", "timeout", "unreachable", "bad_answer"})
_MAYBE_BILLED: frozenset[Outcome] = frozenset({"failed", "timeout", "bad_answer", "bad_request"})
_QUOTA_WORDS = re.compile(r"quota|credit|usage.?limit|limit.?(reached|exceeded)|exceeded|exhaust|out of", re.IGNORECASE)

COOLDOWN = timedelta(seconds=60)
LONGEST_COOLDOWN = timedelta(days=1)
FAILURES_ALLOWED = 3
_FIRST_REST, _LONGEST_REST = timedelta(seconds=30), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class ReportedUsage:
    """What the provider itself says of the use; None where it says nothing."""

    used: Decimal | None = None
    limit: Decimal | None = None
    remaining: Decimal | None = None
    resets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CallResult:
    """What became of one call. `words` are short, ours or the provider's, and never hold a key."""

    outcome: Outcome
    words: str = ""
    status: int | None = None
    retry_after: timedelta | None = None

    @property
    def answered(self) -> bool:
        return self.outcome in ANSWERED


@dataclass(frozen=True, slots=True)
class StateChange:
    """Another state of the provider; `until` None: until somebody acts."""

    state: State
    reason: str
    until: datetime | None = None


def result_of_status(status: int, words: str, retry_after: timedelta | None) -> CallResult | None:
    """What a status alone says; None where the body decides."""
    if 200 <= status < 300:
        return None
    outcome: Outcome = "failed"
    if status == 402 or (status == 403 and _QUOTA_WORDS.search(words)):
        outcome = "exhausted"
    elif status == 429:
        outcome = "throttled"
    elif status == 401:
        outcome = "unauthorised"
    elif status == 404:
        outcome = "not_found"
    elif status in (400, 422):
        outcome = "bad_request"
    return CallResult(outcome, words or f"answered {status}", status, retry_after)


def parse_retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The header Retry-After: seconds, or a date."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return min(timedelta(seconds=min(int(value), 10**7)), LONGEST_COOLDOWN)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), LONGEST_COOLDOWN)


def needs_reported_usage(result: CallResult) -> bool:
    return result.outcome == "throttled" and result.retry_after is None


def with_reported_usage(result: CallResult, usage: ReportedUsage | None) -> CallResult:
    """A 429 without Retry-After, after the account was asked (None: it could not be, or has none)."""
    if usage is None or usage.remaining is None:
        return CallResult("throttled", f"{result.words}; its account cannot be asked", result.status)
    if usage.remaining <= 0:
        return CallResult("exhausted", f"{result.words}; its account says that nothing is left", result.status)
    words = f"{result.words}; its account says {usage.remaining.normalize():f} left: too fast"
    return CallResult("throttled", words, result.status)


def next_state(result: CallResult, *, failures: int, reset: datetime | None, now: datetime) -> StateChange | None:
    """The state that follows, None: it stays. `failures` in a row, this one counted; `reset` of the window."""
    status = f"{result.status} " if result.status else ""
    reason = f"{status}{result.words}".strip()
    if result.outcome == "exhausted":
        return StateChange("exhausted", reason, reset)
    if result.outcome == "throttled":
        rest = COOLDOWN if result.retry_after is None else result.retry_after
        return StateChange("cooldown", reason, now + rest)
    if result.outcome == "unauthorised":
        return StateChange("disabled", f"{reason}: the key was refused")
    if result.outcome in _FAILED and failures >= FAILURES_ALLOWED:
        rest = min(_FIRST_REST * 2 ** min(failures - FAILURES_ALLOWED, 10), _LONGEST_REST)
        return StateChange("cooldown", f"{failures} failures in a row, the last: {reason}", now + rest)
    return None


def counts_against_health(result: CallResult) -> bool:
    """Whether it counts against the provider's health."""
    return result.outcome in _FAILED


def billed_units(provider: Provider, result: CallResult, cost: Decimal) -> Decimal:
    """Units that the call cost. Where it is not known the provider's own number settles it later."""
    if result.answered:
        return cost
    if result.outcome == "bad_answer" and result.status == 200:
        return cost  # the provider did its work, and counts it
    may_be = provider.billed_on == "all" and result.outcome in _MAYBE_BILLED
    return cost if may_be else Decimal(0)
