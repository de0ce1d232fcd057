"""Randomness that can be repeated: the same words give the same dice, in any process, in any order."""

from __future__ import annotations

import math
from random import Random


def seeded_random(*words: object) -> Random:
    return Random("|".join(map(str, words)))  # noqa: S311 — plays a demonstration, keeps no secret


def poisson(roll: Random, mean: float) -> int:
    """How many happen where `mean` are expected. Above 60 the bell curve is close enough."""
    if mean > 60:
        return max(0, round(roll.gauss(mean, math.sqrt(mean))))
    threshold, product, count = math.exp(-mean), roll.random(), 0
    while product > threshold:
        product *= roll.random()
        count += 1
    return count
