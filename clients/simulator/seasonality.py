"""When the web is busy: hour of the day, day of the week, slow tides, rare bursts. One on a busy weekday noon."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from functools import lru_cache

from clients.simulator.seeded_random import seeded_random

MORNING = (0.46, 0.42, 0.40, 0.39, 0.41, 0.46, 0.56, 0.70, 0.86, 0.98, 1.05, 1.04)
EVENING = (0.97, 1.01, 1.10, 1.12, 1.08, 1.00, 0.90, 0.82, 0.76, 0.68, 0.60, 0.52)
HOURS = MORNING + EVENING
WEEKDAYS = (1.0, 1.05, 1.07, 1.03, 0.95, 0.63, 0.55)
DAY_MINUTES = 1440
INDEX_UPDATE_EVERY = 41  # days between the days on which every target jumps at once


def intensity(at: datetime) -> float:
    """0.2 in a weekend's night to 1.2 on a Wednesday afternoon."""
    hour = at.hour + at.minute / 60 + at.second / 3600
    before, part = int(hour), hour % 1
    return (HOURS[before] * (1 - part) + HOURS[(before + 1) % 24] * part) * WEEKDAYS[at.weekday()]


def tide(day: date, name: str, seed: int) -> float:
    """A slow swell over months, so that some targets gain and others lose: 0.6 to 1.4."""
    phase = seeded_random(seed, "tide", name).random() * math.tau
    return 1 + 0.3 * math.sin(day.toordinal() / 47 + phase) + 0.1 * math.sin(day.toordinal() / 11 + 2 * phase)


def is_index_update(day: date, seed: int) -> bool:
    return day.toordinal() % INDEX_UPDATE_EVERY == seed % INDEX_UPDATE_EVERY


@lru_cache(maxsize=4096)
def surge(day: date, name: str, seed: int) -> float:
    """One on an ordinary day; two to five on a day that somebody talks about `name`."""
    if is_index_update(day, seed):
        return 2.1
    roll = seeded_random(seed, "surge", name, day)
    return roll.uniform(2, 5) if roll.random() < 0.03 else roll.uniform(0.8, 1.2)


def spam_attack(day: date, name: str, seed: int) -> float:
    """The share of a day's links that is spam: a trickle, and three days of flood about every two months."""
    return 0.045 if _wave(day.toordinal() // 3, name, seed) is None else 0.74


def flood(day: date, name: str, seed: int) -> float:
    """How many times its ordinary links a target gains while a flood of spam is on; one on any other day."""
    return _wave(day.toordinal() // 3, name, seed) or 1.0


@lru_cache(maxsize=4096)
def _wave(days: int, name: str, seed: int) -> float | None:
    roll = seeded_random(seed, "spam", name, days)
    return roll.uniform(3.2, 5.5) if roll.random() < 0.03 else None


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@lru_cache(maxsize=7)
def minute_weights(weekday: int) -> tuple[float, ...]:
    """Cumulative weight of each minute of a day, to spread a day's events over it."""
    monday = date(2024, 1, 1)
    day = midnight(monday.replace(day=1 + weekday))
    total, weights = 0.0, []
    for minute in range(DAY_MINUTES):
        total += intensity(day.replace(hour=minute // 60, minute=minute % 60))
        weights.append(total)
    return tuple(weights)
