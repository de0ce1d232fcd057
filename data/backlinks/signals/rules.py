"""When a day of links is out of the ordinary: a surge, a flood of spam, an update of the whole index. Pure.

A day is compared with the same target's own past, so that large and small targets are measured alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from data.status import Status, worst

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

SURGE_LINKS = 50  # more new links on one day than this …
SURGE_RATIO = 3.0  # … and more than so many times the median day
SURGE_DAYS = 28  # days that make the median
SURGE_HISTORY = 7  # days a target must be known before it can surge
EXPLAINING = 5  # domains that are named as the cause

SPAM_DAYS = 56
SPAM_LEAST = 50  # spam links, below which nothing is a flood
SPAM_SHARE = 0.3
SPAM_BURST = 3.0
SPAM_SCORE = 60.0
SPAM_CRITICAL = 80.0
SPAM_WEIGHTS = {"burst": 0.35, "spam_share": 0.35, "anchors": 0.15, "endings": 0.15}

UPDATE_TARGETS = 5  # fewer say nothing about an index
UPDATE_ORDINARY = 5  # links on the median day, below which a target's jump is chance
UPDATE_HISTORY = 14
UPDATE_RATIO = 1.2  # of the median target
UPDATE_SHARE = 0.7  # of the targets above UPDATE_JUMP
UPDATE_JUMP = 1.1

_SYMBOLS = {"critical": Status.CRITICAL, "warning": Status.SERIOUS, "info": Status.STANDBY}


def signal_symbol(severity: str) -> Status:
    """`info` is good to know and asks for nobody."""
    return _SYMBOLS.get(severity, Status.SERIOUS)


def signals_status(waiting: Iterable[Status]) -> Status:
    """By the signals that nobody has taken on; all is well where none of them asks for a person."""
    return max(worst(waiting), Status.NORMAL, key=lambda status: status.rank)


@dataclass(frozen=True, slots=True)
class Surge:
    links: int
    median: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Update:
    """On `day`, `jumped` of `targets` rose, the median one to `ratio` times its ordinary day."""

    targets: int
    jumped: int
    ratio: float


@dataclass(frozen=True, slots=True)
class Influx:
    """`parts` run from 0 to 1 and make the score, from 0 to 100, by SPAM_WEIGHTS."""

    score: float
    burst: float
    spam_share: float
    parts: dict[str, float]


def ordinary(counts: Mapping[date, int], day: date, days: int) -> float:
    """The median of the `days` days before `day`; a day without a link counts as none."""
    return median(counts.get(day - timedelta(days=back), 0) for back in range(1, days + 1))


def known_days(counts: Mapping[date, int], day: date) -> int:
    """How long before `day` the first link was found."""
    return max(0, (day - min(counts)).days) if counts else 0


def surge(counts: Mapping[date, int], day: date) -> Surge | None:
    known, links = known_days(counts, day), counts.get(day, 0)
    if known < SURGE_HISTORY or links <= SURGE_LINKS:
        return None
    usual = ordinary(counts, day, min(SURGE_DAYS, known))
    return Surge(links, usual, links / max(usual, 1.0)) if links > SURGE_RATIO * usual else None


def burst(counts: Mapping[date, int], day: date, links: int) -> float:
    """How many times its ordinary day (of eight weeks) `links` are; without a past an ordinary day has one link."""
    days = min(SPAM_DAYS, known_days(counts, day))
    return links / max(ordinary(counts, day, days) if days else 0.0, 1.0)


def may_be_influx(counts: Mapping[date, int], day: date, links: int, spam: int) -> bool:
    """Worth a closer look: enough spam, a high share of it, on a day out of the ordinary."""
    return spam >= SPAM_LEAST and spam >= SPAM_SHARE * links and burst(counts, day, links) >= SPAM_BURST


def influx(burst_ratio: float, spam_share: float, anchors: float, endings: float) -> Influx:
    """The score of a flood. `anchors`: the share of the commonest anchor; `endings`: of the endings of names that
    spam lives on."""
    parts = {
        "burst": min(1.0, max(0.0, math.log2(max(burst_ratio, 1.0)) / 3)),  # eight times an ordinary day is all
        "spam_share": min(1.0, spam_share / 0.8),
        "anchors": min(1.0, anchors / 0.3),
        "endings": min(1.0, endings / 0.6),
    }
    score = 100 * sum(SPAM_WEIGHTS[name] * value for name, value in parts.items())
    return Influx(round(score, 1), burst_ratio, spam_share, parts)


def index_update(targets: Mapping[str, Mapping[date, int]], day: date) -> Update | None:
    """Most targets jump on one day: not they have changed but the index that counts them."""
    ratios = [ratio for counts in targets.values() if (ratio := _jump(counts, day)) is not None]
    if len(ratios) < UPDATE_TARGETS:
        return None
    jumped, ratio = sum(each > UPDATE_JUMP for each in ratios), median(ratios)
    if ratio < UPDATE_RATIO or jumped < UPDATE_SHARE * len(ratios):
        return None
    return Update(len(ratios), jumped, ratio)


def _jump(counts: Mapping[date, int], day: date) -> float | None:
    """Against the ordinary day and the ordinary day of that name, whichever is more; None where chance rules."""
    if known_days(counts, day) < UPDATE_HISTORY:
        return None
    weeks = [counts.get(day - timedelta(weeks=back), 0) for back in range(1, min(8, known_days(counts, day) // 7) + 1)]
    usual = max(ordinary(counts, day, min(SURGE_DAYS, known_days(counts, day))), median(weeks))
    return counts.get(day, 0) / usual if usual >= UPDATE_ORDINARY else None


def influx_evidence(found: Influx, seen: Mapping[str, Any]) -> dict[str, Any]:
    """What stands behind a score, for a person to judge."""
    return {
        "score": found.score,
        "burst_ratio": round(found.burst, 1),
        "spam_share": round(found.spam_share, 3),
        "parts": {name: round(value, 3) for name, value in found.parts.items()},
        "advice": "watch it for 14 days before anything is disavowed",
        **seen,
    }
