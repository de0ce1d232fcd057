"""The links that the web gains and loses, day by day and minute by minute."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from clients.simulator.dice import dice, poisson
from clients.simulator.rhythm import (
    DAY_MINUTES,
    WEEKDAYS,
    intensity,
    midnight,
    minute_weights,
    spam_attack,
    surge,
    tide,
)
from clients.simulator.world import RIVAL_SHARE, Source, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

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
LOSSES = (
    ("not_found", 404),
    ("link_removed", 200),
    ("redirected", 301),
    ("noindex", 200),
    ("crawl_error", 503),
    ("not_canonical", 200),
)
LIVE_PEAK = 0.8  # new links a second on a busy afternoon while a campaign is on
LIVE_FLOOR = 0.3  # of the peak, once the campaign has faded
CAMPAIGN_HALF_LIFE = timedelta(hours=6)


class Watched(NamedTuple):
    """A domain that gains `daily` links on an ordinary day."""

    domain: str
    daily: float


def watched(world: World) -> list[Watched]:
    own = [Watched(target.domain, target.daily) for target in world.targets]
    rivals = [Watched(rival, target.daily * RIVAL_SHARE) for target in world.targets for rival in target.rivals]
    return own + rivals


def links_of_day(world: World, day: date, until: datetime) -> Iterator[Row]:
    """The day's links found before `until`, with what has become of them by then."""
    for each in watched(world):
        yield from _links_to(world, each, day, until)


def links_of_second(world: World, at: datetime, since: timedelta) -> list[Row]:
    """New links of one second of live traffic, `since` the campaign's begin."""
    roll = dice(world.seed, "live", int(at.timestamp()))
    found = watched(world)
    targets = roll.choices(found, [each.daily for each in found], k=poisson(roll, live_rate(at, since)))
    stamp = int(at.timestamp())
    return [
        link(world, each.domain, at, f"{stamp}{index:02d}", roll, spam_attack(at.date(), each.domain, world.seed))
        for index, each in enumerate(targets)
    ]


def live_rate(at: datetime, since: timedelta) -> float:
    """Links a second. A campaign opens every live session and fades, so that a day's sum stays believable."""
    campaign = math.pow(0.5, since / CAMPAIGN_HALF_LIFE)
    return LIVE_PEAK * (0.45 + 0.5 * intensity(at)) * (LIVE_FLOOR + (1 - LIVE_FLOOR) * campaign)


def link(world: World, domain: str, at: datetime, token: str, roll: Random, spam: float) -> Row:
    """One link to `domain`. `token` makes its address and its event unique."""
    bad = roll.random() < spam
    source = roll.choice(world.spammers) if bad else world.source(roll)
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


def _links_to(world: World, each: Watched, day: date, until: datetime) -> Iterator[Row]:
    roll = dice(world.seed, "links", each.domain, day)
    expected = (
        each.daily * WEEKDAYS[day.weekday()] * tide(day, each.domain, world.seed) * surge(day, each.domain, world.seed)
    )
    spam = spam_attack(day, each.domain, world.seed)
    count = poisson(roll, expected)
    minutes = roll.choices(range(DAY_MINUTES), cum_weights=minute_weights(day.weekday()), k=count)
    for number, minute in enumerate(minutes):
        at = midnight(day) + timedelta(minutes=minute, seconds=roll.randrange(60))
        row = link(world, each.domain, at, f"{day:%y%m%d}{number:04d}", roll, spam)
        _lose(row, at, until, roll)
        if at < until:
            yield row


def _lose(row: Row, at: datetime, until: datetime, roll: Random) -> None:
    """One link in nine is lost again, most of them within weeks."""
    chance, days, (reason, code) = roll.random(), roll.expovariate(1 / 18), roll.choice(LOSSES)
    lost = at + timedelta(days=days)
    if chance < 0.11 and lost < until:
        row |= {"lost_date": lost.isoformat(), "lost_reason": reason, "http_code": code}
