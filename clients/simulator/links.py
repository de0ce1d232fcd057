"""The links that the web gains and loses, day by day and minute by minute."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from clients.simulator.losses import closes, lose
from clients.simulator.seasonality import (
    DAY_MINUTES,
    WEEKDAYS,
    flood,
    intensity,
    is_index_update,
    midnight,
    minute_weights,
    spam_attack,
    surge,
    tide,
)
from clients.simulator.seeded_random import poisson, seeded_random
from clients.simulator.world import RIVAL_SHARES, World

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from clients.simulator.link_graph import Source

Row = dict[str, object]

ANCHORS = (
    "{name}",
    "{name}",
    "{domain}",
    "read more",
    "this study",
    "their guide",
    "source",
    "see the report",
    "{name} review",
    "www.{domain}",
    "https://www.{domain}/",
    "{name} pricing",
    "{name} alternatives",
    "how {name} does it",
    "what is {name}?",
    "according to {name}",
    "the {name} blog",
    "{name} vs. the rest",
    "documentation",
    "official site",
    "here",
    "learn more",
    "a recent survey",
    "case study",
    "download",
)
SPAM_ANCHORS = ("buy cheap {name}", "best casino bonus", "click here now", "{name} free coupon", "loans in minutes")
SECTIONS = ("blog", "news", "articles", "posts", "resources", "guides", "journal", "reviews", "wiki", "archive")
PAGES = (
    "",
    "pricing",
    "blog/launch",
    "docs",
    "about",
    "research/report",
    "features",
    "careers",
    "blog/scale",
    "download",
)
RELS = ("", "nofollow", "ugc", "sponsored")
REL_SHARES = (72, 18, 7, 3)
CAMPAIGN_PEAK = 0.55  # new links a second on a busy afternoon while a campaign is young
CAMPAIGN_HALF_LIFE = timedelta(minutes=45)
CAMPAIGN_BEFORE = timedelta(hours=1)  # that it has run, at its peak, when the first session begins
CAMPAIGNERS = ("acme.io", "northwind.com", "globex.net", "anvilworks.io")  # few: a jump of all is an index update


TALK, TALKERS = 0.55, 5  # on a day of talk so many of the links come from so few sites


class Watched(NamedTuple):
    """A domain that gains `daily` links on an ordinary day."""

    domain: str
    daily: float


def watched(world: World) -> list[Watched]:
    own = [Watched(target.domain, target.daily) for target in world.targets]
    rivals = [
        Watched(rival, target.daily * share)
        for target in world.targets
        for rival, share in zip(target.rivals, RIVAL_SHARES, strict=True)
    ]
    return own + rivals


def links_of_day(world: World, day: date, until: datetime) -> Iterator[Row]:
    """The day's links found before `until`, with what has become of them by then."""
    for each in watched(world):
        yield from links_to(world, each, day, until)


def links_of_second(world: World, at: datetime, since: timedelta) -> list[Row]:
    """New links of one second of live traffic, `since` the campaign's begin."""
    roll, found = seeded_random(world.seed, "live", int(at.timestamp())), watched(world)
    ordinary = roll.choices(found, [each.daily for each in found], k=poisson(roll, ordinary_rate(found, at)))
    return _found(world, [*ordinary, *_campaign(world, roll, at, since)], at, roll)


def campaign_before(world: World, begin: datetime) -> Iterator[Row]:
    """The campaign's links of the hour before the first session, so that this goes on as the past has ended."""
    for second in range(int(CAMPAIGN_BEFORE.total_seconds()), 0, -1):
        at = begin.replace(microsecond=0) - timedelta(seconds=second)
        roll = seeded_random(world.seed, "campaign", int(at.timestamp()))
        yield from _found(world, _campaign(world, roll, at, timedelta(0)), at, roll)


def _campaign(world: World, roll: Random, at: datetime, since: timedelta) -> list[Watched]:
    campaign = [each for each in watched(world) if each.domain in CAMPAIGNERS]
    return roll.choices(campaign, [each.daily for each in campaign], k=poisson(roll, campaign_rate(at, since)))


def _found(world: World, chosen: Sequence[Watched], at: datetime, roll: Random) -> list[Row]:
    stamp = int(at.timestamp())
    return [
        link(world, each.domain, at, f"{stamp}{index:02d}", roll, spam_attack(at.date(), each.domain, world.seed))
        for index, each in enumerate(chosen)
    ]


def ordinary_rate(found: list[Watched], at: datetime) -> float:
    """Links a second to all of them, as many a day as on any other."""
    return sum(each.daily for each in found) / 86_400 * intensity(at) * 1.3


def campaign_rate(at: datetime, since: timedelta) -> float:
    """Links a second. A campaign opens every live session and fades, so that a day's sum stays believable."""
    return CAMPAIGN_PEAK * (0.45 + 0.5 * intensity(at)) * math.pow(0.5, since / CAMPAIGN_HALF_LIFE)


def link(world: World, domain: str, at: datetime, token: str, roll: Random, spam: float) -> Row:
    """One link to `domain`. `token` makes its address and its event unique."""
    bad = roll.random() < spam
    source = _site(world, domain, at, roll, bad=bad)
    name = domain.split(".", 1)[0]
    anchor = roll.choice(SPAM_ANCHORS if bad else ANCHORS).format(name=name, domain=domain)
    return {
        "event_id": world.event("link", f"{domain}-{token}"),
        "url_from": f"https://{source.domain}/{roll.choice(SECTIONS)}/{name}-{token}",
        "url_to": f"https://www.{domain}/{roll.choice(PAGES)}",
        "source_domain_name": source.domain,
        "target_domain_name": domain,
        "anchor": anchor,
        "rel": roll.choices(RELS, REL_SHARES)[0],
        "domain_authority": page_authority(source, roll),
        "spam_score": round(source.spam),
        "discovered_date": at.isoformat(),
        "last_fetched_at": at.isoformat(),
        "http_code": 200,
        "source": "simulator",
    }


def page_authority(source: Source, roll: Random) -> int:
    return round(min(100.0, max(0.0, roll.gauss(source.authority, 1.5))))


@lru_cache(maxsize=4096)
def _talk(world: World, domain: str, day: date) -> tuple[Source, ...]:
    """The few sites that a day's surge comes from; an index update has none of its own."""
    if is_index_update(day, world.seed) or surge(day, domain, world.seed) < 2 or domain not in world.circles:
        return ()
    return tuple(seeded_random(world.seed, "talk", domain, day).sample(world.circles[domain].sources, TALKERS))


def _site(world: World, domain: str, at: datetime, roll: Random, *, bad: bool) -> Source:
    """A site that links to `domain` and has not closed."""
    while True:
        source = roll.choice(world.spammers) if bad else _decent(world, domain, at, roll)
        closing = closes(world, source.domain)
        if closing is None or at < closing:
            return source


def _decent(world: World, domain: str, at: datetime, roll: Random) -> Source:
    talk = _talk(world, domain, at.date())
    return roll.choice(talk) if talk and roll.random() < TALK else world.source(domain, at, roll)


def links_to(world: World, each: Watched, day: date, until: datetime) -> Iterator[Row]:
    roll, seed, domain = seeded_random(world.seed, "links", each.domain, day), world.seed, each.domain
    expected = each.daily * WEEKDAYS[day.weekday()] * tide(day, domain, seed) * surge(day, domain, seed)
    spam, count = spam_attack(day, domain, seed), poisson(roll, expected * flood(day, domain, seed))
    minutes = roll.choices(range(DAY_MINUTES), cum_weights=minute_weights(day.weekday()), k=count)
    for number, minute in enumerate(minutes):
        at = midnight(day) + timedelta(minutes=minute, seconds=roll.randrange(60))
        row = link(world, domain, at, f"{day:%y%m%d}{number:04d}", roll, spam)
        lose(world, row, at, until, roll)
        if at < until:
            yield row
