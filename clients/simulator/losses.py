"""How links are lost: one by one, with the site that had them, or because the page they lead to has moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from clients.simulator.seeded_random import seeded_random

if TYPE_CHECKING:
    from random import Random

    from clients.simulator.world import World

# Reason, what the page answers, and how often of a hundred.
LOSSES = (
    ("link_removed", 200, 34),
    ("not_found", 404, 27),
    ("redirected", 301, 13),
    ("dropped", 410, 9),
    ("noindex", 200, 7),
    ("not_canonical", 200, 5),
    ("crawl_error", 503, 4),
    ("broken_redirect", 404, 1),
)
SHARES = [share for _, _, share in LOSSES]
LOST = 0.10  # of the links, most of them within weeks
LIFE = timedelta(days=18)
CLOSING = 0.05  # of the sites close within the time that the story spans
SPAN = timedelta(days=180)  # from ninety days before the story's origin
MOVES = timedelta(days=60)  # within each, one domain in two moves some of its pages
MOVED = "/blog/launch"
FOLLOWED = 0.3  # of the links to a moved page are lost, within two days


def lose(world: World, row: dict[str, object], at: datetime, until: datetime, roll: Random) -> None:
    """Marks the link found at `at` as lost where that happens before `until`; of several causes the first counts."""
    found = [_alone(at, roll), _closed(world, str(row["source_domain_name"]), at), _moved(world, row, at, roll)]
    losses = sorted(loss for loss in found if loss and at < loss[0] < until)
    if losses:
        lost, reason, code = losses[0]
        row |= {"lost_date": lost.isoformat(), "lost_reason": reason, "http_code": code}


def reason_of(roll: Random) -> tuple[str, int]:
    reason, code, _ = roll.choices(LOSSES, SHARES)[0]
    return reason, code


def _alone(at: datetime, roll: Random) -> tuple[datetime, str, int] | None:
    if roll.random() >= LOST:
        return None
    lost, (reason, code) = at + LIFE * roll.expovariate(1), reason_of(roll)
    return lost.replace(microsecond=0), reason, code


def _closed(world: World, source: str, at: datetime) -> tuple[datetime, str, int] | None:
    closing = closes(world, source)
    return (closing, "dropped", 410) if closing and at < closing else None


@lru_cache(maxsize=16_384)
def closes(world: World, source: str) -> datetime | None:
    """When a site goes off the web, with all of its links."""
    roll = seeded_random(world.seed, "closing", source)
    if roll.random() > CLOSING:
        return None
    return (world.origin - timedelta(days=90) + SPAN * roll.random()).replace(microsecond=0)


def _moved(world: World, row: dict[str, object], at: datetime, roll: Random) -> tuple[datetime, str, int] | None:
    if not str(row["url_to"]).endswith(MOVED) or roll.random() >= FOLLOWED:
        return None
    number = (at - world.origin) // MOVES
    found = (moves(world, str(row["target_domain_name"]), each) for each in (number, number + 1))
    moved = next((each for each in found if each and at < each), None)
    return (moved + timedelta(seconds=roll.randrange(150_000)), "broken_redirect", 404) if moved else None


@lru_cache(maxsize=1024)
def moves(world: World, domain: str, number: int) -> datetime | None:
    """The moment in the `number`-th sixty days (of the origin) when a domain moved pages without care."""
    roll = seeded_random(world.seed, "moving", domain, number)
    chance, moment = roll.random(), world.origin + MOVES * (number + roll.random())
    return moment.replace(microsecond=0) if chance < 0.5 else None
