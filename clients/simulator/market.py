"""The trade in domains and the talk about brands: what was held, let go and heard of, and what happens now."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from clients.sdk.errors import ApiError
from clients.simulator.seasonality import DAY_MINUTES, WEEKDAYS, intensity, midnight, minute_weights, tide
from clients.simulator.seeded_random import poisson, seeded_random
from clients.simulator.words import FIRST, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from clients.simulator.session_context import SessionContext
    from clients.simulator.world import Expired, World

Row = dict[str, object]

TRADE_EVERY = timedelta(seconds=45)
TALK_EVERY = timedelta(seconds=5)
WATCHED = 12
DENIED = 403
MENTIONS_A_DAY = 0.12  # for each link that a target gains on an ordinary day
LET_GO = 900
CRISIS = 0.04  # of the three-day spells
HELD = (4, 13)  # domains in a competitor's portfolio
REGISTRARS = ("Northgate Names", "Harbor Registry Services", "Plainfield Domains", "Quill & Sons")
CONCERNS = ("archive_history", "not_indexed", "anchor_language", "trademark")
KINDS = ("news", "blog", "forum", "social", "review", "web")
KIND_SHARES = (30, 25, 14, 16, 9, 6)
PRAISE = (
    "{brand} wins praise for its new release",
    "Why we moved to {brand} and stayed",
    "{brand} named among the best of the year",
    "A quiet success: what {brand} does right",
)
PLAIN = (
    "{brand} opens an office in Rotterdam",
    "{brand} and two rivals compared",
    "What {brand} said about the second quarter",
    "How {brand} builds its index",
    "Ask us anything: {brand}",
)
BLAME = (
    "{brand} outage leaves customers waiting",
    "Users complain about {brand} prices",
    "{brand} criticised over data handling",
    "The trouble with {brand}",
)


class Holding(NamedTuple):
    """A domain of a competitor, since and (where it was let go) until how many days before the story's end."""

    domain: str
    owner: str
    authority: int
    value: int
    since: int
    until: int | None


def foundations(world: World, until: datetime) -> Iterator[Row]:
    """The lives of domains before they came to be as they are, each step dated."""
    for each in world.expired:
        yield from _life(world, each, until)
    for holding in holdings(world):
        yield from _held(world, holding, until)


def talk_of_day(world: World, day: date) -> Iterator[Row]:
    """Where brands were spoken of on a day."""
    for target in world.targets:
        roll = seeded_random(world.seed, "talk", target.domain, day)
        usual = target.daily * MENTIONS_A_DAY * tide(day, target.domain, world.seed) * WEEKDAYS[day.weekday()]
        bad = crisis(world.seed, target.domain, day)
        for number in range(poisson(roll, usual * (2.6 if bad else 1))):
            minute = roll.choices(range(DAY_MINUTES), cum_weights=minute_weights(day.weekday()))[0]
            at = midnight(day) + timedelta(minutes=minute, seconds=roll.randrange(60))
            yield mention(world, target.domain, at, f"{day:%y%m%d}{number:03d}", roll)


def mention(world: World, domain: str, at: datetime, token: str, roll: Random) -> Row:
    brand, source = brand_of(domain), world.source(domain, at, roll)
    mood = (-0.45 if crisis(world.seed, domain, at.date()) else 0.18) + roll.gauss(0, 0.38)
    tone = round(min(1.0, max(-1.0, mood)), 2)
    titles = PRAISE if tone > 0.25 else BLAME if tone < -0.25 else PLAIN
    kind = roll.choices(KINDS, KIND_SHARES)[0]
    return {
        "event_id": world.event("mention", f"{domain}-{token}"),
        "brand": brand,
        "url": f"https://{source.domain}/{kind}/{brand.lower()}-{token}",
        "title": roll.choice(titles).format(brand=brand),
        "published_at": at.isoformat(),
        "last_fetched_at": at.isoformat(),
        "source": source.domain,
        "source_kind": kind,
        "author": f"{roll.choice(_FIRST).title()} {roll.choice(_SECOND).title()}",
        "sentiment": None if roll.random() < 0.08 else tone,
        "reach": round(10 ** roll.uniform(1.5, 2 + source.authority / 25)),
        "language": "en",
    }


def crisis(seed: int, domain: str, day: date) -> bool:
    return seeded_random(seed, "crisis", domain, day.toordinal() // 3).random() < CRISIS


def brand_of(domain: str) -> str:
    return domain.split(".", 1)[0].title()


class Market:
    """The live side: candidates that change hands, brands that are spoken of, a watch list."""

    def __init__(self, context: SessionContext) -> None:
        self._context = context
        self._told_until = context.started

    def watch(self, _: datetime) -> None:
        """Puts the best candidates on the watch list, once; a server that does not allow it has none."""
        best = sorted(self._context.world.expired, key=lambda each: -each.value)[:WATCHED]
        try:
            for each in best:
                self._context.api.watch_domain(each.domain, note="worth a second look" if each.authority > 60 else "")
        except ApiError as error:
            if error.status != DENIED:
                raise

    def trade(self, at: datetime) -> timedelta:
        """One candidate moves: it expires, drops, is taken, or is measured anew."""
        world, roll = self._context.world, seeded_random(self._context.world.seed, "trade", int(at.timestamp()))
        each = roll.choice(world.expired)
        row = candidate(world, each, at) | {"event_id": world.event("trade", f"{each.domain}-{int(at.timestamp())}")}
        row["domain_authority"] = max(0, min(100, round(each.authority) + roll.randint(-3, 3)))
        row["estimated_value"] = round(each.value * roll.uniform(0.9, 1.12))
        self._context.send("domains", [row])
        return TRADE_EVERY

    def talk(self, at: datetime) -> timedelta:
        """What today's talk has brought since the last time."""
        since, self._told_until = max(self._told_until, at - timedelta(minutes=10)), at
        days = {since.date(), at.date()}
        rows = [row for day in sorted(days) for row in talk_of_day(self._context.world, day)]
        due = [row for row in rows if since < datetime.fromisoformat(str(row["published_at"])) <= at]
        if due:
            self._context.send("brand_mentions", due)
        return TALK_EVERY / max(intensity(at), 0.2)


def candidate(world: World, each: Expired, at: datetime) -> Row:
    """A domain for sale as it is now."""
    roll = seeded_random(world.seed, "candidate", each.domain)
    ends = roll.randint(-20, 44)
    phase = "active" if ends > 20 else "grace" if ends > 8 else "redemption" if ends > 2 else "pending_delete"
    gone = each.status == "available"
    return {
        "domain_name": each.domain,
        "availability_status": each.status,
        "lifecycle": "dropped" if gone else phase,
        "spam_score": round(roll.betavariate(1.2, 6) * 100),
        "asking_price": round(each.value * roll.uniform(0.4, 1.3)),
        "registrar": roll.choice(REGISTRARS),
        "expires_at": (world.origin - timedelta(days=each.links if gone else 30 - ends)).isoformat(),
        "drops_at": None if gone else (world.origin + timedelta(days=max(ends, 1))).isoformat(),
        "concerns": [roll.choice(CONCERNS)] if roll.random() < 0.14 else [],
        "last_fetched_at": at.isoformat(),
    }


@lru_cache(maxsize=2)
def holdings(world: World) -> tuple[Holding, ...]:
    """What the competitors hold and held."""
    roll = seeded_random(world.seed, "holdings")
    names = iter(roll.sample([f"{first}{second}" for first in _FIRST for second in _SECOND], 400))
    owners = [rival for target in world.targets for rival in target.rivals]
    return tuple(_holding(roll, next(names), owner) for owner in owners for _ in range(roll.randint(*HELD)))


def _holding(roll: Random, name: str, owner: str) -> Holding:
    since = round(roll.betavariate(1, 1.6) * 400) + 2
    until = roll.randint(1, since - 1) if roll.random() < 0.22 else None
    authority, ending = round(2 + roll.betavariate(1.7, 2.9) * 90), roll.choice(("com", "net", "org", "io"))
    return Holding(f"{name}-{roll.randint(2, 99)}.{ending}", owner, authority, roll.randint(60, 5200), since, until)


def _held(world: World, each: Holding, until: datetime) -> Iterator[Row]:
    taken = until - timedelta(days=each.since)
    row = {
        "event_id": world.event("held", each.domain),
        "domain_name": each.domain,
        "owner": each.owner,
        "domain_authority": each.authority,
        "estimated_value": each.value,
        "availability_status": "registered",
        "lifecycle": "active",
        "registered_at": (taken - timedelta(days=each.value % 2000)).isoformat(),
        "expires_at": (until + timedelta(days=each.value % 365 + 1)).isoformat(),
        "last_fetched_at": taken.isoformat(),
    }
    yield row
    if each.until is not None:
        let_go = (until - timedelta(days=each.until)).isoformat()
        changed: Row = {"availability_status": "available", "lifecycle": "dropped", "last_fetched_at": let_go}
        changed["estimated_value"] = min(each.value, LET_GO)  # nobody lets go of what is worth much
        yield row | changed | {"event_id": world.event("let-go", each.domain)}


def _life(world: World, each: Expired, until: datetime) -> Iterator[Row]:
    """Registered, then past its end, then in redemption; what it is now is told by its own row."""
    roll = seeded_random(world.seed, "life", each.domain)
    steps = (("registered", "active", 60), ("expired", "grace", 36), ("expired", "redemption", 18))
    for number, (status, phase, days) in enumerate(steps):
        at = until - timedelta(days=days + roll.randint(0, 12), minutes=roll.randrange(1440))
        drift = roll.uniform(0.8, 1.1)
        yield {
            "event_id": world.event("life", f"{each.domain}-{number}"),
            "domain_name": each.domain,
            "availability_status": status,
            "lifecycle": phase,
            "domain_authority": round(each.authority * drift),
            "estimated_value": round(each.value * drift),
            "last_fetched_at": at.isoformat(),
        }


_FIRST, _SECOND = FIRST.split(), SECOND.split()
