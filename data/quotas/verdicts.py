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

    from data.quotas.catalogue import Provider

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
_SICK: frozenset[Outcome] = frozenset({"failed", "timeout", "unreachable", "bad_answer"})
_MAYBE_BILLED: frozenset[Outcome] = frozenset({"failed", "timeout", "bad_answer", "bad_request"})
_QUOTA_WORDS = re.compile(r"quota|credit|usage.?limit|limit.?(reached|exceeded)|exceeded|exhaust|out of", re.IGNORECASE)

COOLDOWN = timedelta(seconds=60)
LONGEST_COOLDOWN = timedelta(days=1)
FAILURES_ALLOWED = 3
_FIRST_REST, _LONGEST_REST = timedelta(seconds=30), timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Account:
    """What the provider itself says of the use; None where it says nothing."""

    used: Decimal | None = None
    limit: Decimal | None = None
    remaining: Decimal | None = None
    resets_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one call. `words` are short, ours or the provider's, and never hold a key."""

    outcome: Outcome
    words: str = ""
    status: int | None = None
    retry_after: timedelta | None = None

    @property
    def answered(self) -> bool:
        return self.outcome in ANSWERED


@dataclass(frozen=True, slots=True)
class Change:
    """Another state of the provider; `until` None: until somebody acts."""

    state: State
    reason: str
    until: datetime | None = None


def by_status(status: int, words: str, retry_after: timedelta | None) -> Finding | None:
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
    return Finding(outcome, words or f"answered {status}", status, retry_after)


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The header Retry-After: seconds, or a date."""
    given = headers.get("retry-after", "").strip()
    if given.isdigit():
        return min(timedelta(seconds=min(int(given), 10**7)), LONGEST_COOLDOWN)
    try:
        moment = parsedate_to_datetime(given)
    except (TypeError, ValueError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), LONGEST_COOLDOWN)


def must_ask_account(finding: Finding) -> bool:
    return finding.outcome == "throttled" and finding.retry_after is None


def with_account(finding: Finding, account: Account | None) -> Finding:
    """A 429 without Retry-After, after the account was asked (None: it could not be, or has none)."""
    if account is None or account.remaining is None:
        return Finding("throttled", f"{finding.words}; its account cannot be asked", finding.status)
    if account.remaining <= 0:
        return Finding("exhausted", f"{finding.words}; its account says that nothing is left", finding.status)
    words = f"{finding.words}; its account says {account.remaining.normalize():f} left: too fast"
    return Finding("throttled", words, finding.status)


def change(finding: Finding, *, failures: int, reset: datetime | None, now: datetime) -> Change | None:
    """The state that follows, None: it stays. `failures` in a row, this one counted; `reset` of the window."""
    status = f"{finding.status} " if finding.status else ""
    said = f"{status}{finding.words}".strip()
    if finding.outcome == "exhausted":
        return Change("exhausted", said, reset)
    if finding.outcome == "throttled":
        rest = COOLDOWN if finding.retry_after is None else finding.retry_after
        return Change("cooldown", said, now + rest)
    if finding.outcome == "unauthorised":
        return Change("disabled", f"{said}: the key was refused")
    if finding.outcome in _SICK and failures >= FAILURES_ALLOWED:
        rest = min(_FIRST_REST * 2 ** min(failures - FAILURES_ALLOWED, 10), _LONGEST_REST)
        return Change("cooldown", f"{failures} failures in a row, the last: {said}", now + rest)
    return None


def is_sick(finding: Finding) -> bool:
    """Whether it counts against the provider's health."""
    return finding.outcome in _SICK


def billed(provider: Provider, finding: Finding, cost: Decimal) -> Decimal:
    """Units that the call cost. Where it is not known the provider's own number settles it later."""
    if finding.answered:
        return cost
    if finding.outcome == "bad_answer" and finding.status == 200:
        return cost  # the provider did its work, and counts it
    may_be = provider.billed_on == "all" and finding.outcome in _MAYBE_BILLED
    return cost if may_be else Decimal(0)
