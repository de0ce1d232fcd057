"""What is asked of the fleet, how long it takes and how it ends."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from clients.simulator.seeded_random import seeded_random

if TYPE_CHECKING:
    from random import Random

    from clients.simulator.world import World


class Kind(NamedTuple):
    """`share` of all missions, `minutes` from and to on an ordinary satellite, `failing` as a probability."""

    name: str
    share: float
    minutes: tuple[float, float]
    failing: float
    wide: float  # probability that the site grows faster than it is crawled at first


KINDS = (
    Kind("backlink_discovery", 30, (22, 65), 0.05, 0.15),
    Kind("competitor_scan", 16, (25, 75), 0.06, 0.20),
    Kind("full_site_crawl", 14, (40, 140), 0.08, 0.55),
    Kind("domain_audit", 14, (15, 40), 0.05, 0.05),
    Kind("serp_positions", 16, (6, 18), 0.07, 0.0),
    Kind("expired_domains", 10, (12, 38), 0.04, 0.10),
)
PRIORITIES = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
PRIORITY_SHARES = (2, 4, 8, 12, 30, 16, 12, 9, 5, 2)

FAILURES = {
    "backlink_discovery": "The link index answered 429 twelve times in a row; gave up at a Retry-After of 900 s",
    "competitor_scan": "{host} answered 403 for 94 % of its pages: the crawler is blocked",
    "full_site_crawl": "Out of memory while parsing a page of 61 MB on {host}",
    "domain_audit": "The TLS certificate of {host} expired; 0 of 18 checks could run",
    "serp_positions": "The results page changed its form: 0 positions read from 40 answers",
    "expired_domains": "WHOIS for {host} timed out 20 times in a row",
}
COMMON_FAILURES = (
    "{host} answered 503 for 20 requests in a row",
    "The name {host} could not be resolved (SERVFAIL, 5 attempts)",
    "robots.txt of {host} forbids every start page",
    "Connection to {host} reset by peer after 30 attempts",
)
LOST = "The satellite fell silent for 60 s; its lease ran out"
CANCELLED = "Cancelled by an operator"


class Order(NamedTuple):
    """A mission as it is submitted. `host` is where it goes, `minutes` how long an ordinary satellite needs."""

    kind: Kind
    host: str
    target_url: str
    priority: int
    minutes: float


class Fate(NamedTuple):
    """How a run ends: `status` at the share `at` of its pages; `wide` runs find pages faster than they fetch."""

    status: str
    at: float
    message: str | None
    wide: bool


def draw_order(world: World, roll: Random) -> Order:
    kind = roll.choices(KINDS, [each.share for each in KINDS])[0]
    target = roll.choices(world.targets, [each.daily for each in world.targets])[0]
    host = roll.choice(target.rivals) if kind.name == "competitor_scan" else target.domain
    crawls = kind.name in {"full_site_crawl", "domain_audit"}
    return Order(
        kind=kind,
        host=host,
        target_url=f"https://www.{host}/" if crawls else host,
        priority=roll.choices(PRIORITIES, PRIORITY_SHARES)[0],
        minutes=roll.uniform(*kind.minutes),
    )


def draw_fate(kind: Kind, host: str, roll: Random) -> Fate:
    wide = roll.random() < kind.wide
    if roll.random() >= kind.failing:
        return Fate("completed", 1.0, None, wide)
    common = roll.random() < 0.5
    message = roll.choice(COMMON_FAILURES) if common else FAILURES[kind.name]
    return Fate("failed", roll.uniform(0.03, 0.85), message.format(host=host), wide)


def past_fate(kind: Kind, host: str, roll: Random) -> Fate:
    """As `draw_fate`, with what people and lost satellites did to missions of the past."""
    fate, chance = draw_fate(kind, host, roll), roll.random()
    if chance < 0.015:
        return Fate("cancelled", roll.uniform(0.05, 0.7), CANCELLED, fate.wide)
    return Fate("abnormal", roll.uniform(0.1, 0.8), LOST, fate.wide) if chance < 0.025 else fate


def fate_of(seed: int, job_id: str, kind: Kind, host: str) -> Fate:
    return draw_fate(kind, host, seeded_random(seed, "fate", job_id))


def kind_named(name: str) -> Kind:
    """The kind of that name; work that somebody else thought of is crawled like a site."""
    return next((kind for kind in KINDS if kind.name == name), KINDS[2])


def known_share(done: float, *, wide: bool) -> float:
    """How much of a site is known (crawled or queued) when the share `done` of it is crawled. One at the end."""
    start, power = (0.08, 3.0) if wide else (0.62, 1.6)
    return start + (1 - start) * (1 - math.pow(1 - min(done, 1.0), power))
