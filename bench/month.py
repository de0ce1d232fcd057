"""A month of mixed queries, played by rules of routing: what each spends, and whom it refuses. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Protocol, cast

from clients.simulator.spending import HABITS, month_of
from clients.simulator.world import build_world
from data.quotas.catalogue import defaults
from data.quotas.choices import Purse, candidates
from data.quotas.queries import RANK, Query, checked
from data.quotas.windows import window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data.quotas.catalogue import QueryType
    from data.quotas.queries import Priority

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
        return RANK[self.priority] >= RANK["high"]


@dataclass(slots=True)
class Tally:
    """What a month came to: credits, and queries by what became of them."""

    credits: Decimal = Decimal(0)
    answered: int = 0
    refused: int = 0
    urgent_refused: int = 0


class Rule(Protocol):
    def spend(self, asked: Asked, book: dict[str, Purse]) -> str | None:
        """Who is asked; "" where nobody needs to be, None where nobody can be."""


def traffic() -> list[Asked]:
    found: Iterator[Asked] = chain.from_iterable(_asked(seed) for seed in CROWDS)
    return sorted(found, key=lambda each: each.at)


def _asked(seed: int) -> Iterator[Asked]:
    world = build_world(seed, BEGIN + timedelta(days=31))
    for habit in HABITS:
        for ask in month_of(world, habit, BEGIN.year, BEGIN.month):
            query = checked(cast("QueryType", ask.query_type), dict(ask.params))
            yield Asked(ask.at, query, cast("Priority", ask.priority))


def play(month: list[Asked], rule: Rule) -> Tally:
    book = {
        each.provider: Purse(each, simulated=False, has_key=True, window_start=start, window_end=end)
        for each in defaults()
        for start, end in [window(each, BEGIN)]
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


def _paid(purse: Purse, cost: Decimal, at: datetime) -> Purse:
    today = purse.used_today if purse.day == at.date() else Decimal(0)
    return replace(purse, used=purse.used + cost, used_today=today + cost, day=at.date())


@dataclass(slots=True)
class Answers:
    """What was paid for, and until when it counts."""

    known: dict[str, tuple[datetime, datetime]] = field(default_factory=dict)

    def keep(self, asked: Asked, purse: Purse) -> None:
        life = timedelta(seconds=purse.provider.cache_seconds)
        self.known[asked.query.digest] = (asked.at + life, asked.at + 2 * life)

    def has(self, asked: Asked, *, stale: bool = False) -> bool:
        fresh_until, kept_until = self.known.get(asked.query.digest, (BEGIN, BEGIN))
        return asked.at < (kept_until if stale else fresh_until)


@dataclass(slots=True)
class OurRule:
    """The router's own decision, and the cache before it."""

    answers: Answers = field(default_factory=Answers)

    def spend(self, asked: Asked, book: dict[str, Purse]) -> str | None:
        if self.answers.has(asked):
            return ""
        found = candidates(list(book.values()), asked.query, asked.priority, asked.at)
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

    def spend(self, asked: Asked, book: dict[str, Purse]) -> str | None:
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

    def _can(self, purse: Purse, asked: Asked) -> bool:
        own, left = purse.provider, purse.remaining
        knows = asked.query.query_type in own.query_types
        return knows and left is not None and left >= own.cost.of(asked.query.params)
