"""The cast: fifteen satellites, eight watched domains with their rivals, the web that links to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from clients.simulator.link_graph import Reach, Source, SourceCircle, build_circles
from clients.simulator.seeded_random import seeded_random
from clients.simulator.words import FIRST, SECOND

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

SATELLITES = 15
SOURCES = 3_000
SPAMMERS = 140
EXPIRED = 180


class Satellite(NamedTuple):
    """`speed` in pages a minute, `latency` in ms, `reliability` as the share of requests that succeed."""

    satellite_id: str
    name: str
    hostname: str
    speed: float
    latency: float
    reliability: float


class Target(NamedTuple):
    """`daily` is the mean number of new links on an ordinary day; `trade` is what it and its rivals live on."""

    domain: str
    daily: float
    rivals: tuple[str, ...]
    trade: int


class Expired(NamedTuple):
    """A domain that can be bought, with its `value` in dollars and the links that still point to it."""

    domain: str
    authority: float
    value: int
    links: int
    status: str


TARGETS = (
    Target("acme.io", 190, ("anvilworks.io", "roadrunner-supply.com"), 0),
    Target("northwind.com", 150, ("southgale-traders.com", "eastwind-foods.com"), 1),
    Target("globex.net", 125, ("hexaglobe.net", "cypress-industrial.com"), 0),
    Target("initech.dev", 105, ("intertrode.dev", "penetrode-labs.com"), 0),
    Target("umbrella.org", 95, ("parasol-health.org", "tricell-bio.com"), 1),
    Target("hooli.xyz", 85, ("piedpiper-data.xyz", "endframe-cloud.com"), 0),
    Target("stark.industries", 70, ("hammer-tech.industries", "oscorp-labs.com"), 1),
    Target("wayne.co", 55, ("luthor-holdings.co", "queen-consolidated.com"), 1),
)
RIVAL_SHARES = (0.58, 0.26)  # of the target's own links

# Known to everybody; at the last four anybody may write.
GIANTS = (
    *("theworldpost.com", "science-review.org", "statistics.edu", "dailyledger.com", "openjournal.org"),
    *("standards-office.org", "nationaltribune.com", "capitalgazette.news"),
    *("wordpress.com", "medium.com", "blogspot.com", "github.io"),
)

_FIRST, _SECOND = FIRST.split(), SECOND.split()
_ENDINGS = ("com", "com", "com", "net", "org", "io", "dev", "co", "news", "blog", "edu")
_SPAM = ("links", "casino", "pills", "loans", "bonus", "seo-boost", "free-rank", "bet", "coupon", "replica")
_SPAM_ENDINGS = ("top", "xyz", "click", "icu", "buzz", "cheap")


@dataclass(frozen=True, eq=False)
class World:
    """Made once for a seed by `build_world`; compared by identity, so that it is a cheap key of a cache."""

    seed: int
    origin: datetime  # when this story began: part of every event_id, so that a removed story can be told anew
    satellites: tuple[Satellite, ...]
    targets: tuple[Target, ...]
    sources: tuple[Source, ...]
    spammers: tuple[Source, ...]
    expired: tuple[Expired, ...]
    circles: dict[str, SourceCircle]  # by watched domain: the sites that will ever link to it

    def event(self, kind: str, key: str) -> str:
        return f"sim-{self.seed}-{self.origin:%y%m%d%H%M%S}-{kind}-{key}"

    def source(self, domain: str, at: datetime, roll: Random) -> Source:
        """A site that links to `domain` at that time; to one that nobody watches, any."""
        circle = self.circles.get(domain)
        return circle.one(self.origin, at, roll) if circle else roll.choice(self.sources)

    def competitor_sets(self) -> list[tuple[str, str, list[str]]]:
        """The name, the own domain and the members of each: its rivals, and its neighbours in the trade."""
        return [
            (f"{target.domain} and its rivals", target.domain, [*target.rivals, *_neighbours(target)])
            for target in self.targets
        ]


@lru_cache(maxsize=2)
def build_world(seed: int, origin: datetime) -> World:
    sources = tuple(_sources(seeded_random(seed, "sources")))
    return World(
        seed=seed,
        origin=origin,
        satellites=tuple(_satellites(seeded_random(seed, "satellites"))),
        targets=TARGETS,
        sources=sources,
        spammers=tuple(_spammers(seeded_random(seed, "spammers"))),
        expired=tuple(_expired(seeded_random(seed, "expired"))),
        circles=build_circles(seed, _watched(), sources),
    )


def _neighbours(target: Target) -> list[str]:
    return [each.domain for each in TARGETS if each.trade == target.trade and each is not target]


def _satellites(roll: Random) -> list[Satellite]:
    return [
        Satellite(
            satellite_id=f"SAT-{number:02d}",
            name=f"SAT-{number:02d}",
            hostname=f"crawl-{number:02d}.{('ams', 'fra', 'iad', 'sjc', 'sin')[number % 5]}",
            speed=round(roll.uniform(34, 68), 1),
            latency=round(roll.uniform(170, 420), 1),
            reliability=round(roll.uniform(0.955, 0.995), 4),
        )
        for number in range(1, SATELLITES + 1)
    ]


def _watched() -> list[Reach]:
    """Larger domains are known to more sites, and some to better ones."""
    found = []
    for target in TARGETS:
        share = 0.14 + target.daily / 600
        found.append(Reach(target.domain, target.trade, share, lean=0.35 if target.trade else 0.1))
        found += [
            Reach(rival, target.trade, share * (0.35 + part), lean=0.1 - number * 0.5)
            for number, (rival, part) in enumerate(zip(target.rivals, RIVAL_SHARES, strict=True))
        ]
    return found


def _sources(roll: Random) -> list[Source]:
    pairs = [(first, second) for first in _FIRST for second in _SECOND]
    sources = [
        _source(roll, f"{first}{second}.{roll.choice(_ENDINGS)}") for first, second in roll.sample(pairs, SOURCES)
    ]
    giants = [Source(name, round(roll.uniform(86, 98), 1), 1.0, None) for name in GIANTS]
    return sources + giants


def _source(roll: Random, domain: str) -> Source:
    """One in eight writes about everything, and is the better known for it."""
    trade = roll.choice((0, 1)) if roll.random() > 0.125 else None
    authority = _authority(roll)
    authority += (100 - authority) * 0.3 if trade is None else 0
    return Source(domain, round(authority, 1), round(roll.betavariate(1.3, 14) * 100, 1), trade)


def _authority(roll: Random) -> float:
    return round(2 + roll.betavariate(1.7, 2.9) * 95, 1)


def _spammers(roll: Random) -> list[Source]:
    names = sorted(
        {f"{roll.choice(_SPAM)}-{roll.randint(1, 99)}.{roll.choice(_SPAM_ENDINGS)}" for _ in range(SPAMMERS)}
    )
    return [Source(name, round(roll.uniform(0, 14), 1), round(roll.uniform(62, 99), 1), None) for name in names]


def _expired(roll: Random) -> list[Expired]:
    pairs = [(first, second) for second in _SECOND for first in _FIRST]
    names = [f"{first}-{second}.{roll.choice(_ENDINGS[:8])}" for first, second in roll.sample(pairs, EXPIRED)]
    return [_expired_domain(roll, name) for name in names]


def _expired_domain(roll: Random, name: str) -> Expired:
    authority, links = _authority(roll), roll.randint(2, 28)
    value = round(40 + (authority / 10) ** 3.4 * roll.uniform(1.5, 4) + links * roll.uniform(5, 30))
    return Expired(name, authority, value, links, roll.choices(("available", "expired"), (2, 1))[0])
