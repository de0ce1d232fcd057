"""What the people and the machines around the fleet decide. Pure: `at` is a parameter, chance comes from the seed."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from clients.simulator.missions import Order, draw_order
from clients.simulator.seasonality import intensity
from clients.simulator.seeded_random import poisson, seeded_random

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from clients.simulator.runs import Run
    from clients.simulator.world import World

OPENING = 21  # orders that a session begins with: more than the fleet can take at once
OPENING_SHORT = 0.05  # the first of them needs this share of its usual time, so that rings move within a minute
SUBMIT_EVERY = timedelta(seconds=5)
QUEUE_FULL = 60
RUSH_EVERY = timedelta(minutes=70)
RUSH_LASTS = timedelta(seconds=100)
FIRST_SILENCE = timedelta(minutes=4)
SILENCE_EVERY = timedelta(minutes=95)
SILENCE_LASTS = timedelta(seconds=210)
FIRST_PAUSE = timedelta(seconds=75)


def opening_orders(world: World, at: datetime) -> list[Order]:
    roll = seeded_random(world.seed, "opening", int(at.timestamp()))
    orders = [draw_order(world, roll) for _ in range(OPENING)]
    span = 1 - OPENING_SHORT
    return [
        order._replace(minutes=order.minutes * min(1.0, OPENING_SHORT + span * place / 11))
        for place, order in enumerate(orders)
    ]


def orders_due(world: World, at: datetime, since: timedelta, queued: int) -> list[Order]:
    """New orders of one slot of `SUBMIT_EVERY`; fewer the longer the queue, many in a rush."""
    roll = seeded_random(world.seed, "orders", int(at.timestamp()))
    if queued >= QUEUE_FULL:
        return []
    return [draw_order(world, roll) for _ in range(poisson(roll, expected_orders(at, since, queued)))]


def expected_orders(at: datetime, since: timedelta, queued: int) -> float:
    """The fleet ends about 16 missions an hour. In a rush as many come at once, and the queue outgrows the fleet."""
    if in_rush(since):
        return max(0.0, 15 - queued / 3) * (SUBMIT_EVERY / RUSH_LASTS)
    hunger = min(4.0, max(0.15, 1.7 - queued / 8)) + (3.0 if queued < 3 else 0.0)
    return 13 * hunger * (0.4 + 0.6 * intensity(at)) * (SUBMIT_EVERY / timedelta(hours=1))


def in_rush(since: timedelta) -> bool:
    return since > RUSH_EVERY / 5 and (since - RUSH_EVERY / 5) % RUSH_EVERY < RUSH_LASTS


def silenced(seed: int, since: timedelta, working: Sequence[int]) -> int | None:
    """The satellite that is cut off at this time of the session, one of those `working`."""
    if since < FIRST_SILENCE or (since - FIRST_SILENCE) % SILENCE_EVERY >= SILENCE_LASTS:
        return None
    return seeded_random(seed, "victim", (since - FIRST_SILENCE) // SILENCE_EVERY).choice(working)


def to_pause(seed: int, at: datetime, since: timedelta, runs: Iterable[Run]) -> str | None:
    """An operator holds one mission in its middle, never two."""
    running = list(runs)
    if since < FIRST_PAUSE or any(run.paused for run in running):
        return None
    ready = sorted(run.job_id for run in running if 0.1 < run.done < 0.6 * run.fate.at)
    return seeded_random(seed, "pause", int(at.timestamp())).choice(ready) if ready else None


def pause_length(seed: int, job_id: str) -> timedelta:
    return timedelta(minutes=seeded_random(seed, "pause", job_id).uniform(5, 13))


def pages_of(order: Order, speed: float) -> int:
    return math.ceil(order.minutes * speed)
