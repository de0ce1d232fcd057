"""What the story asks of paid APIs: when, how urgently, at what cost. A budget a month, busy days and quiet ones."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from clients.simulator.seasonality import WEEKDAYS, midnight, minute_weights, tide
from clients.simulator.seeded_random import poisson, seeded_random
from clients.simulator.words import FIRST, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from clients.simulator.world import World

Params = dict[str, str | bool]

KEPT_BACK = 0.2  # of a quota, for whoever asks with priority high
TRIAL = timedelta(days=75)  # how long before the story began somebody signed up for it
AGAIN_WITHIN_H = 3.0  # on average, until the same is asked again
SLOWEST_MS = 8000.0
TOPICS = ("reviews", "pricing", "alternatives", "case study", "guide", "statistics", "checklist", "careers")
RENDERED = 0.2  # share of pages that need a browser, at five credits each


class Habit(NamedTuple):
    """`daily` new queries of an ordinary weekday, each asked `again` so many times; `latency` in ms."""

    provider: str
    query_types: tuple[str, ...]
    daily: float
    again: float
    latency: float
    quota: int
    trial: bool = False


HABITS = (
    Habit("serpstack", ("search",), 27, 4.0, 900, 1000),
    Habit("valueserp", ("search",), 0.62, 0.5, 1300, 100, trial=True),
    Habit("webscraping_ai", ("page",), 21, 1.5, 2300, 1000),
    Habit("hunter_io", ("contact",), 2.1, 2.0, 620, 50),
    Habit("builtwith", ("technology",), 4.6, 5.0, 480, 200),
    Habit("securitytrails", ("dns", "whois"), 1.3, 2.0, 750, 50),
)


class Ask(NamedTuple):
    """One query. `first` is when the same was asked for the first time: later ones cost nothing, the cache knows."""

    event: str
    provider: str
    at: datetime
    first: datetime
    query_type: str
    params: tuple[tuple[str, str | bool], ...]
    priority: str
    credits: int
    outcome: str
    latency: float

    @property
    def cached(self) -> bool:
        return self.at > self.first

    def row(self, world: World) -> dict[str, object]:
        """As the stream of metered calls takes it."""
        known = {"ok": 200, "failed": 502, "throttled": 429}.get(self.outcome)
        fields: dict[str, object] = {
            "event_id": world.event("ask", self.event),
            "provider": self.provider,
            "query_type": self.query_type,
            "at": self.at.isoformat(),
            "priority": self.priority,
            "outcome": "cached" if self.cached else self.outcome,
        }
        if self.cached:
            return fields | {"saved": self.credits, "last_fetched_at": self.first.isoformat()}
        spent = self.credits if self.outcome == "ok" else 0
        return fields | {"credits": spent, "latency_ms": round(self.latency, 1), "status_code": known}


def asks(world: World, since: datetime, until: datetime) -> list[Ask]:
    """All queries after `since`, up to and including `until`, in the order of time."""
    months = {(day.year, day.month) for day in (since.date() - timedelta(days=2), since.date(), until.date())}
    known = chain.from_iterable(month_of(world, habit, *month) for habit in HABITS for month in sorted(months))
    return sorted((each for each in known if since < each.at <= until), key=lambda each: (each.at, each.event))


@lru_cache(maxsize=96)
def month_of(world: World, habit: Habit, year: int, month: int) -> tuple[Ask, ...]:
    """A month's queries to one provider, as far as its quota allows them."""
    day, found, spent = date(year, month, 1), [], _spent_before(world, habit, year, month)
    while day.month == month:
        for ask in _day(world, habit, day):
            share = 1.0 if ask.priority in ("high", "critical") else 1.0 - KEPT_BACK
            if spent + ask.credits > habit.quota * share:
                continue
            spent += ask.credits if ask.outcome == "ok" else 0
            found += [ask, *_again(world, habit, ask)]
        day += timedelta(days=1)
    return tuple(found)


def _spent_before(world: World, habit: Habit, year: int, month: int) -> int:
    """A trial is spent once, however many months it lasts."""
    before = date(year, month, 1) - timedelta(days=1)
    if not habit.trial or before < (world.origin - TRIAL).date():
        return 0
    own = sum(ask.credits for ask in month_of(world, habit, before.year, before.month) if _is_paid(ask))
    return own + _spent_before(world, habit, before.year, before.month)


def _is_paid(ask: Ask) -> bool:
    return not ask.cached and ask.outcome == "ok"


def _day(world: World, habit: Habit, day: date) -> Iterator[Ask]:
    if habit.trial and day < (world.origin - TRIAL).date():
        return
    roll = seeded_random(world.seed, "asks", habit.provider, day)
    swell = 1 + (tide(day, habit.provider, world.seed) - 1) / 4
    mean = habit.daily * WEEKDAYS[day.weekday()] * swell * roll.gammavariate(16, 1 / 16)
    weights = minute_weights(day.weekday())
    minutes = sorted(roll.random() * weights[-1] for _ in range(poisson(roll, mean)))
    for number, place in enumerate(minutes):
        at = midnight(day) + timedelta(minutes=bisect_left(weights, place), seconds=roll.randrange(60))
        yield _ask(world, habit, f"{habit.provider}-{day:%y%m%d}-{number}", at, roll)


def _ask(world: World, habit: Habit, event: str, at: datetime, roll: Random) -> Ask:
    query_type = roll.choice(habit.query_types)
    urgent = habit.trial or (habit.query_types != ("search",) and roll.random() < 0.12)
    params = _params(world, query_type, roll)
    outcome = roll.choices(("ok", "failed", "timeout", "throttled"), (970, 14, 9, 7))[0]
    slow = min(roll.lognormvariate(0, 0.35) * habit.latency, SLOWEST_MS)
    return Ask(
        event,
        habit.provider,
        at,
        at,
        query_type,
        tuple(params.items()),
        roll.choice(("high", "high", "critical")) if urgent else _calm(habit, roll),
        5 if params.get("js") else 1,
        outcome,
        SLOWEST_MS if outcome == "timeout" else slow,
    )


def _calm(habit: Habit, roll: Random) -> str:
    """Searches that are not urgent are low: the trial is for those that are."""
    return "low" if habit.query_types == ("search",) else roll.choice(("low", "normal", "normal"))


def _again(world: World, habit: Habit, ask: Ask) -> Iterator[Ask]:
    roll = seeded_random(world.seed, "again", ask.event)
    for number in range(poisson(roll, habit.again) if ask.outcome == "ok" else 0):
        later = ask.at + timedelta(hours=min(roll.expovariate(1 / AGAIN_WITHIN_H), 5.5), seconds=1)
        yield ask._replace(event=f"{ask.event}-{number}", at=later.replace(microsecond=0))


def _params(world: World, query_type: str, roll: Random) -> Params:
    if query_type == "search":
        return {"q": f"{roll.choice(FIRST.split())} {roll.choice(SECOND.split())} {roll.choice(TOPICS)}"}
    domain = roll.choice(world.sources).domain
    if query_type == "page":
        return {"url": f"https://{domain}/{roll.choice(TOPICS).replace(' ', '-')}", "js": roll.random() < RENDERED}
    return {"domain": domain}
