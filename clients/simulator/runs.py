"""A mission under way on one satellite, and how it moves on. Pure: time and measurements are passed in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from clients.simulator.missions import Fate, fate_of, kind_named, known_share
from clients.simulator.seeded_random import seeded_random

LINKS_A_PAGE = {"backlink_discovery": 0.9, "competitor_scan": 0.7, "full_site_crawl": 0.5}
FEW_LINKS = 0.12  # a page, for kinds that look for something else


@dataclass(frozen=True, slots=True)
class Run:
    """`pages` fetched of `total`; `delay` in seconds between requests, one being the ordinary pace."""

    job_id: str
    job_type: str
    host: str
    number: int  # of the satellite in the world's list
    total: int
    fate: Fate
    pages: float = 0.0
    errors: float = 0.0
    paused: bool = False
    delay: float = 1.0

    @property
    def done(self) -> float:
        return self.pages / self.total

    @property
    def ended(self) -> bool:
        return self.done >= self.fate.at

    @property
    def queued(self) -> int:
        """Pages known and not yet fetched."""
        return max(0, round(self.total * known_share(self.done, wide=self.fate.wide)) - int(self.pages))

    @property
    def links(self) -> int:
        return int(self.pages * LINKS_A_PAGE.get(self.job_type, FEW_LINKS))


def begin(seed: int, number: int, mission: Started) -> Run:
    fate = fate_of(seed, mission.job_id, kind_named(mission.job_type), mission.host)
    return Run(
        job_id=mission.job_id,
        job_type=mission.job_type,
        host=mission.host,
        number=number,
        total=max(1, mission.total),
        fate=fate,
        pages=mission.pages,
        paused=mission.paused,
    )


@dataclass(frozen=True, slots=True)
class Started:
    """What the server says about a mission that one of our satellites holds."""

    job_id: str
    job_type: str
    host: str
    total: int
    pages: int = 0
    paused: bool = False


def advance(run: Run, *, seconds: float, pages_per_minute: float, success_rate: float) -> Run:
    """The run after `seconds` of work. A paused or an ended run stays as it is."""
    if run.paused or run.ended:
        return run
    fetched = seconds * pages_per_minute / 60 / max(0.5, run.delay)
    fetched *= 0.7 + 0.6 * seeded_random(run.job_id, round(run.pages, 2)).random()
    pages = min(run.total * run.fate.at, run.pages + fetched)
    return replace(run, pages=pages, errors=run.errors + fetched * (1 - success_rate))
