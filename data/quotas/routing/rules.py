"""Which provider takes a query, and why. Pure: a snapshot of the accounts in, an order with reasons out.

The score is a weighted mean of parts, each 0 to 1. Who asks with priority high gets the best that is available; low
gets the cheapest that is safe; normal lies between. The last fifth of every quota is kept for priority high and above.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from data.quantities import amount
from data.quotas.routing.queries import PRIORITY_RANK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from data.quotas.ledger.account import Account
    from data.quotas.routing.queries import Priority, Query

KEPT_BACK = Decimal("0.2")  # of every quota, for priority high and critical
SAFE = 0.5  # share of successes below which a provider is the last choice
_SLOW_MS = 6000.0  # a provider that takes so long counts half
_NEW = 0.1  # weight of one more call

# quality: answers, measured success and speed · price: share of what is left · ration: of today's · health: success
WEIGHTS: dict[Priority, dict[str, float]] = {
    "low": {"quality": 0.10, "price": 0.55, "ration": 0.25, "health": 0.10},
    "normal": {"quality": 0.35, "price": 0.30, "ration": 0.20, "health": 0.15},
    "high": {"quality": 0.70, "price": 0.00, "ration": 0.05, "health": 0.25},
    "critical": {"quality": 0.75, "price": 0.00, "ration": 0.00, "health": 0.25},
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A provider that could answer: with a score, or with the reason why it is passed over."""

    provider: str
    title: str
    cost: Decimal
    remaining: Decimal | None
    unit: str
    score: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)
    ration: float | None = None
    latency_ms: float | None = None
    refused: str | None = None
    until: datetime | None = None

    def to_dict(self) -> dict[str, Any]:
        """For storage and for programs."""
        return {
            "provider": self.provider,
            "score": round(self.score, 4),
            "parts": {name: round(value, 4) for name, value in self.parts.items()},
            "cost": float(self.cost),
            "remaining": None if self.remaining is None else float(self.remaining),
            "ration": None if self.ration is None else round(self.ration, 2),
            "latency_ms": None if self.latency_ms is None else round(self.latency_ms),
            "refused": self.refused,
            "until": self.until.isoformat() if self.until else None,
        }


def list_candidates(accounts: Sequence[Account], query: Query, priority: Priority, now: datetime) -> list[Candidate]:
    """Everyone who knows this type of query: those who can take it, the best first; then the others with a reason."""
    found = [
        _score(account, query, priority, now)
        for account in accounts
        if query.query_type in account.provider.query_types
    ]
    return sorted(found, key=lambda each: (each.refused is not None, -each.score))


def _score(account: Account, query: Query, priority: Priority, now: datetime) -> Candidate:
    own, cost = account.provider, account.provider.cost.of(query.params)
    known: dict[str, Any] = {
        "provider": own.provider,
        "title": own.title,
        "cost": cost,
        "remaining": account.remaining,
        "unit": own.unit,
        "ration": account.ration(now),
        "latency_ms": account.latency_ms,
    }
    refused, until = refusal(account, cost, priority, now)
    if refused:
        return Candidate(**known, refused=refused, until=until)
    parts = _parts(account, cost, now)
    score = sum(weight * parts[name] for name, weight in WEIGHTS[priority].items())
    if parts["health"] < SAFE:
        score *= 0.25
    return Candidate(**known, score=score, parts=parts)


def refusal(account: Account, cost: Decimal, priority: Priority, now: datetime) -> tuple[str | None, datetime | None]:
    """Why this account cannot pay for the call now, and until when; (None, None) where it can."""
    state, reason, until = account.condition(now)
    if state != "active":
        end = f" until {until:%d %b %H:%M} UTC" if until else ""
        return f"{state}{end}: {reason}", until
    quota, left = account.provider.quota, account.remaining
    if quota is None or left is None:
        return None, None
    if left < cost:
        return (
            f"{_number(left)} of {_number(quota)} {account.provider.unit} left, {_number(cost)} needed",
            account.window_end,
        )
    kept = quota * KEPT_BACK
    if PRIORITY_RANK[priority] < PRIORITY_RANK["high"] and left - cost < kept:
        return f"the last {_number(kept)} of {_number(quota)} are kept for priority high", account.window_end
    return None, None


def _parts(account: Account, cost: Decimal, now: datetime) -> dict[str, float]:
    health = account.health(now)
    speed = 1 / (1 + (account.latency_ms or 0.0) / _SLOW_MS)
    left, daily = account.remaining, account.ration(now)
    today = float(account.used_today) if account.day == now.date() else 0.0
    return {
        "quality": account.provider.quality * health * (0.5 + speed / 2),
        "price": 1.0 if not left else 1 / (1 + 20 * float(cost / left)),
        "ration": 1.0 if not daily else max(0.0, min(1.0, 1 - (today + float(cost)) / daily)),
        "health": health,
    }


def updated_health(
    account: Account, now: datetime, *, succeeded: bool, latency_ms: float | None
) -> tuple[float, float | None]:
    """The success and latency to remember after one more call."""
    success = account.health(now) * (1 - _NEW) + (_NEW if succeeded else 0.0)
    if latency_ms is None:
        return success, account.latency_ms
    before = account.latency_ms
    return success, latency_ms if before is None else before * (1 - 2 * _NEW) + latency_ms * 2 * _NEW


def explain(query_type: str, priority: Priority, found: Sequence[Candidate], tried: Mapping[str, str]) -> str:
    """Why this one, in words. `tried`: what was found out about those that were asked first."""
    takes = next((each for each in found if each.refused is None and each.provider not in tried), None)
    others = [_other(each, tried) for each in found if each is not takes]
    if takes is None:
        return (
            f"Nobody can take this {query_type} at priority {priority}: {'; '.join(others) or 'no provider knows it'}."
        )
    left = "" if takes.remaining is None else f" of {_number(takes.remaining)} left"
    ration = f", a daily budget of {takes.ration:.1f}" if takes.ration is not None else ""
    why = (
        f"{takes.title} takes this {query_type} at priority {priority}: {amount(_number(takes.cost), takes.unit)}{left}"
        f"{ration}, quality {takes.parts['quality']:.2f}, health {takes.parts['health'] * 100:.0f} %, "
        f"score {takes.score:.2f}."
    )
    return f"{why} Passed over: {'; '.join(others)}." if others else why


def _other(each: Candidate, tried: Mapping[str, str]) -> str:
    if each.provider in tried:
        return f"{each.title} was asked first: {tried[each.provider]}"
    return f"{each.title}: {each.refused}" if each.refused else f"{each.title} scores {each.score:.2f}"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
