"""A month of mixed queries, played by rules of routing: what each spends, and whom it refuses. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Protocol, cast

from clients.simulator.spending import HABITS, month_of
from clients.simulator.world import build_world
from data.quotas.catalogue.records import default_providers
from data.quotas.catalogue.windows import window_at
from data.quotas.ledger.account import Account
from data.quotas.routing.queries import PRIORITY_RANK, Query, parse_query
from data.quotas.routing.rules import list_candidates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.quotas.catalogue.records import QueryType
    from data.quotas.routing.queries import Priority

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
CROWDS = (7,)  # seeds of the story whose queries are played
TECHNOLOGY: QueryType = "technology"


@dataclass(frozen=True, slots=True)
class Asked:
    at: datetime
    query: Query
    priority: Priority

    @property
    def urgent(self) -> bool:
        return PRIORITY_RANK[self.priority] >= PRIORITY_RANK["high"]


@dataclass(slots=True)
class Tally:
    """What a month came to: credits, and queries by what became of them."""

    credits: Decimal = Decimal(0)
    answered: int = 0
    refused: int = 0
    urgent_refused: int = 0


class Rule(Protocol):
    def spend(self, asked: Asked, book: dict[str, Account]) -> str | None:
        """Who is asked; "" where nobody needs to be, None where nobody can be."""


def traffic() -> list[Asked]:
    found: Iterator[Asked] = chain.from_iterable(_asked(seed) for seed in CROWDS)
    return sorted(found, key=lambda each: each.at)


def _asked(seed: int) -> Iterator[Asked]:
    world = build_world(seed, BEGIN + timedelta(days=31))
    for habit in HABITS:
        for ask in month_of(world, habit, BEGIN.year, BEGIN.month):
            query = parse_query(cast("QueryType", ask.query_type), dict(ask.params))
            yield Asked(ask.at, query, cast("Priority", ask.priority))


def play(month: list[Asked], rule: Rule) -> Tally:
    book = {
        each.provider: Account(each, simulated=False, has_key=True, window_start=start, window_end=end)
        for each in default_providers()
        for start, end in [window_at(each, BEGIN)]
    }
    tally = Tally()
    for asked in month:
        who = rule.spend(asked, book)
        if who is None:
            tally.refused += 1
            tally.urgent_refused += asked.urgent
            continue
        tally.answered += 1
        if who:
            cost = book[who].provider.cost.of(asked.query.params)
            tally.credits += cost
            book[who] = _paid(book[who], cost, asked.at)
    return tally


def _paid(account: Account, cost: Decimal, at: datetime) -> Account:
    today = account.used_today if account.day == at.date() else Decimal(0)
    return replace(account, used=account.used + cost, used_today=today + cost, day=at.date())


@dataclass(slots=True)
class Answers:
    """What was paid for, and until when it counts."""

    known: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def keep(self, asked: Asked, account: Account) -> None:
        life = timedelta(seconds=account.provider.cache_seconds)
        self.known[asked.query.digest] = (asked.at + life, asked.at + 2 * life)

    def has(self, asked: Asked, *, stale: bool = False) -> bool:
        fresh_until, kept_until = self.known.get(asked.query.digest, (BEGIN, BEGIN))
        return asked.at < (kept_until if stale else fresh_until)


@dataclass(slots=True)
class OurRule:
    """The router's own decision, and the cache before it."""

    answers: Answers = field(default_factory=Answers)

    def spend(self, asked: Asked, book: dict[str, Account]) -> str | None:
        if self.answers.has(asked):
            return ""
        found = list_candidates(list(book.values()), asked.query, asked.priority, asked.at)
        best = next((each.provider for each in found if each.refused is None), None)
        if not asked.urgent and self.answers.has(asked, stale=True) and (best is None or book[best].scarce):
            return ""
        if best:
            self.answers.keep(asked, book[best])
        return best


@dataclass(slots=True)
class ByRemaining:
    """Sort by remaining quota: priority high takes the first, others the cheapest of them. Technology data alone is
    kept, for 90 days; with `cache` everything is, for as long as the router keeps it."""

    cache: bool = False
    answers: Answers = field(default_factory=Answers)

    def spend(self, asked: Asked, book: dict[str, Account]) -> str | None:
        if self.answers.has(asked):
            return ""
        able = [each for each in book.values() if self._can(each, asked)]
        if not able:
            return None
        ranked = sorted(able, key=lambda each: each.remaining or Decimal(0), reverse=True)
        best = ranked[0] if asked.urgent else min(ranked, key=lambda each: each.provider.cost.of(asked.query.params))
        if self.cache or asked.query.query_type == TECHNOLOGY:
            self.answers.keep(asked, best)
        return best.provider.provider

    def _can(self, account: Account, asked: Asked) -> bool:
        own, left = account.provider, account.remaining
        knows = asked.query.query_type in own.query_types
        return knows and left is not None and left >= own.cost.of(asked.query.params)
