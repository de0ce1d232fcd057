"""Who links to whom: every watched domain has a circle of sites of its own, and circles of one trade overlap."""

from __future__ import annotations

from bisect import bisect_right
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from clients.simulator.seeded_random import seeded_random

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from random import Random

STRANGER = 0.06  # the chance, against that of a site of the trade, that one of another trade links
EVERYBODY = 0.8  # … that one of no trade does
KNOWN_AT_FIRST = 0.45  # of a circle link from the beginning; the others find the domain as time goes by
GROWS = timedelta(days=180)  # until the whole circle links, counted from ninety days before the story's origin


class Source(NamedTuple):
    """A site that links. `authority` and `spam` run from 0 to 100; `trade` is what it writes about."""

    domain: str
    authority: float
    spam: float
    trade: int | None


class Reach(NamedTuple):
    """`share` of the sites of its trade link to the domain; with `lean` the better ones are likelier to."""

    domain: str
    trade: int
    share: float
    lean: float


class SourceCircle(NamedTuple):
    """`sources` in the order in which they find the domain; `weights`, cumulative: few link often, most once."""

    sources: tuple[Source, ...]
    weights: tuple[float, ...]

    def one(self, origin: datetime, at: datetime, roll: Random) -> Source:
        age = (at - origin + timedelta(days=90)) / GROWS
        known = KNOWN_AT_FIRST + (1 - KNOWN_AT_FIRST) * min(1.0, max(0.0, age))
        count = max(1, int(len(self.sources) * known))
        return self.sources[min(count - 1, bisect_right(self.weights, roll.random() * self.weights[count - 1]))]


def build_circles(seed: int, watched: Sequence[Reach], sources: Sequence[Source]) -> dict[str, SourceCircle]:
    """Some sites link to many of their trade and some to few, so that circles overlap by more than chance."""
    generosity = [seeded_random(seed, "generosity", source.domain).uniform(0.3, 1.7) for source in sources]
    return {
        reach.domain: _circle(seeded_random(seed, "circle", reach.domain), reach, sources, generosity)
        for reach in watched
    }


def _circle(roll: Random, reach: Reach, sources: Sequence[Source], generosity: Sequence[float]) -> SourceCircle:
    found = [
        source
        for source, often in zip(sources, generosity, strict=True)
        if roll.random() < often * _chance(reach, source)
    ]
    roll.shuffle(found)
    return SourceCircle(tuple(found), tuple(accumulate(1 / (roll.randrange(len(found)) + 12) ** 0.7 for _ in found)))


def _chance(reach: Reach, source: Source) -> float:
    near = EVERYBODY if source.trade is None else 1.0 if source.trade == reach.trade else STRANGER
    return reach.share * near * max(0.05, 1 + reach.lean * (source.authority / 40 - 1))
