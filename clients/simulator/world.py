"""The cast: fifteen satellites, eight watched domains with their rivals, the web that links to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from clients.simulator.dice import dice
from clients.simulator.words import FIRST, SECOND

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

SATELLITES = 15
SOURCES = 1_400
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
    """`daily` is the mean number of new links on an ordinary day."""

    domain: str
    daily: float
    rivals: tuple[str, ...]


class Source(NamedTuple):
    """A site that links. `authority` and `spam` run from 0 to 100."""

    domain: str
    authority: float
    spam: float


class Expired(NamedTuple):
    """A domain that can be bought, with its `value` in dollars and the links that still point to it."""

    domain: str
    authority: float
    value: int
    links: int
    status: str


TARGETS = (
    Target("acme.io", 190, ("anvilworks.io", "roadrunner-supply.com")),
    Target("northwind.com", 150, ("southgale-traders.com", "eastwind-foods.com")),
    Target("globex.net", 125, ("hexaglobe.net", "cypress-industrial.com")),
    Target("initech.dev", 105, ("intertrode.dev", "penetrode-labs.com")),
    Target("umbrella.org", 95, ("parasol-health.org", "tricell-bio.com")),
    Target("hooli.xyz", 85, ("piedpiper-data.xyz", "endframe-cloud.com")),
    Target("stark.industries", 70, ("hammer-tech.industries", "oscorp-labs.com")),
    Target("wayne.co", 55, ("luthor-holdings.co", "queen-consolidated.com")),
)
RIVAL_SHARE = 0.42  # of the target's own links

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
    weights: tuple[float, ...]  # cumulative: a few sources link often, most link once

    def event(self, kind: str, key: str) -> str:
        return f"sim-{self.seed}-{self.origin:%y%m%d%H%M%S}-{kind}-{key}"

    def source(self, roll: Random) -> Source:
        return roll.choices(self.sources, cum_weights=self.weights)[0]


@lru_cache(maxsize=2)
def build_world(seed: int, origin: datetime) -> World:
    sources = tuple(_sources(dice(seed, "sources")))
    return World(
        seed=seed,
        origin=origin,
        satellites=tuple(_satellites(dice(seed, "satellites"))),
        targets=TARGETS,
        sources=sources,
        spammers=tuple(_spammers(dice(seed, "spammers"))),
        expired=tuple(_expired(dice(seed, "expired"))),
        weights=tuple(accumulate(1 / (rank + 12) ** 0.7 for rank in range(len(sources)))),
    )


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


def _sources(roll: Random) -> list[Source]:
    pairs = [(first, second) for first in _FIRST for second in _SECOND]
    return [
        Source(f"{first}{second}.{roll.choice(_ENDINGS)}", _authority(roll), round(roll.betavariate(1.3, 14) * 100, 1))
        for first, second in roll.sample(pairs, SOURCES)
    ]


def _authority(roll: Random) -> float:
    return round(2 + roll.betavariate(1.7, 2.9) * 95, 1)


def _spammers(roll: Random) -> list[Source]:
    names = sorted(
        {f"{roll.choice(_SPAM)}-{roll.randint(1, 99)}.{roll.choice(_SPAM_ENDINGS)}" for _ in range(SPAMMERS)}
    )
    return [Source(name, round(roll.uniform(0, 14), 1), round(roll.uniform(62, 99), 1)) for name in names]


def _expired(roll: Random) -> list[Expired]:
    pairs = [(first, second) for second in _SECOND for first in _FIRST]
    names = [f"{first}-{second}.{roll.choice(_ENDINGS[:8])}" for first, second in roll.sample(pairs, EXPIRED)]
    return [_expired_domain(roll, name) for name in names]


def _expired_domain(roll: Random, name: str) -> Expired:
    authority, links = _authority(roll), roll.randint(2, 28)
    value = round(40 + (authority / 10) ** 3.4 * roll.uniform(1.5, 4) + links * roll.uniform(5, 30))
    return Expired(name, authority, value, links, roll.choices(("available", "expired"), (2, 1))[0])
