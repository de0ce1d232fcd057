"""One satellite's day: how fast it works minute by minute, when it is silent, which missions it had."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from clients.simulator.missions import Order, draw_order
from clients.simulator.seasonality import DAY_MINUTES, intensity, midnight
from clients.simulator.seeded_random import seeded_random
from clients.simulator.world import SATELLITES

if TYPE_CHECKING:
    from random import Random

    from clients.simulator.world import Satellite, World

STEP = 4  # minutes


class Sample(NamedTuple):
    """`pages_per_minute`, `success_rate` 0–1, `response_time_ms`, CPU in per cent of a core, memory in MB."""

    pages_per_minute: float
    success_rate: float
    response_time_ms: float
    cpu_percent: float
    memory_mb: float


class Shift(NamedTuple):
    """One mission of the past on its satellite, in minutes of the day."""

    number: int
    start: float
    end: float
    order: Order


class Day(NamedTuple):
    """`wander` drifts around zero, one value per `STEP`; `silences` and `shifts` in minutes of the day."""

    wander: tuple[float, ...]
    silences: tuple[tuple[float, float], ...]
    shifts: tuple[Shift, ...]


@lru_cache(maxsize=48)
def day_of(world: World, number: int, day: date) -> Day:
    """The day of the satellite at `number` in the world's list."""
    roll = seeded_random(world.seed, "day", number, day)
    return Day(tuple(_wander(roll)), tuple(_silences(roll)), tuple(_shifts(world, roll, day)))


def sample(world: World, number: int, at: datetime) -> Sample:
    """What a satellite at work measures at `at`. Busy hours are slower for each request, not for the fleet."""
    satellite = world.satellites[number]
    drift = day_of(world, number, at.date()).wander[(at.hour * 60 + at.minute) // STEP]
    load = intensity(at)
    latency = satellite.latency * (0.8 + 0.3 * load) * (1 - 0.5 * drift)
    speed = max(0.5, satellite.speed * (0.72 + 0.26 * load) * (1 + drift))
    success = min(1.0, satellite.reliability - 0.012 * load + 0.02 * min(drift, 0))
    return Sample(
        round(speed, 1), round(success, 4), round(latency, 1), round(18 + speed * 0.8, 1), _memory(satellite, at)
    )


def is_silent(world: World, number: int, at: datetime) -> bool:
    minute = (at - midnight(at.date())) / timedelta(minutes=1)
    return any(start <= minute < end for start, end in day_of(world, number, at.date()).silences)


def on_duty(at: datetime) -> tuple[int, ...]:
    """Eight satellites work through the night, thirteen by day; the others stand by. Duty moves on each 8 h."""
    first = (at.toordinal() * 3 + at.hour // 8) * 4
    return tuple((first + place) % SATELLITES for place in range(round(7 + 5.5 * intensity(at))))


def _memory(satellite: Satellite, at: datetime) -> float:
    return round(96 + satellite.speed * 0.9 + (at.hour % 6) * 4 + at.minute * 0.05, 1)


def _wander(roll: Random) -> list[float]:
    drift, values = roll.gauss(0, 0.08), []
    for _ in range(DAY_MINUTES // STEP):
        drift = 0.8 * drift + roll.gauss(0, 0.06)
        values.append(max(-0.6, min(0.5, drift)))
    return values


def _silences(roll: Random) -> list[tuple[float, float]]:
    """Now and then a satellite loses its network for some minutes."""
    if roll.random() > 0.2:
        return []
    start = roll.uniform(0, DAY_MINUTES - 60)
    return [(start, start + roll.uniform(3, 25))]


def _rest(at: datetime) -> float:
    """Minutes between two missions on the mean: two on a busy afternoon, forty in a weekend's night."""
    return 2.5 / math.pow(intensity(at), 2)


def _shifts(world: World, roll: Random, day: date) -> list[Shift]:
    minute, shifts = roll.expovariate(1 / 10), list[Shift]()
    while minute < DAY_MINUTES - 5:
        order = draw_order(world, roll)
        end = min(minute + order.minutes, DAY_MINUTES - 1)
        shifts.append(Shift(len(shifts) + 1, minute, end, order))
        minute = end + roll.expovariate(1 / _rest(midnight(day) + timedelta(minutes=end)))
    return shifts
