"""A small curve beside a number that does not come with the live state; `assets/js/live/paint.js` draws those that do.

Its ground is zero, so that a change looks as large as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from components.kit.static_html import StaticHtml

if TYPE_CHECKING:
    from collections.abc import Sequence

Tone = Literal["", "serious", "critical"]

POINTS = 120
TOP, GROUND = 8, 96  # of a box of 100 by 100


@dataclass(frozen=True, slots=True)
class Spark:
    """`is_open`: the last value is of a day that is not over; the way to it is dashed."""

    values: Sequence[float]
    tone: Tone = ""
    is_open: bool = False

    def picture(self) -> StaticHtml:
        return StaticHtml(_drawn(_points(_thinned(self.values)), is_open=self.is_open), "spark-picture", "")


def _drawn(points: list[str], *, is_open: bool) -> str:
    if not points:
        return ""
    closed = points[:-1] if is_open and len(points) > 1 else points
    last = f'<polyline class="spark-open" points="{" ".join(points[-2:])}"/>' if closed is not points else ""
    end = closed[-1].partition(",")[0]
    return (
        '<svg viewBox="0 0 100 100" preserveAspectRatio="none">'
        f'<polygon class="spark-area" points="0,{GROUND} {" ".join(closed)} {end},{GROUND}"/>'
        f'<polyline class="spark-line" points="{" ".join(closed)}"/>{last}</svg>'
    )


def _thinned(values: Sequence[float]) -> list[float]:
    """As many as a card has room for."""
    size = max(1, -(-len(values) // POINTS))
    return [sum(values[at : at + size]) / len(values[at : at + size]) for at in range(0, len(values), size)]


def _points(values: list[float]) -> list[str]:
    if not values:
        return []
    values = values * 2 if len(values) == 1 else values
    low, high = min(0, *values), max(0, *values)
    share = [(value - low) / (high - low) if high > low else 0 for value in values]
    return [f"{at * 100 / (len(values) - 1):.1f},{GROUND - (GROUND - TOP) * y:.1f}" for at, y in enumerate(share)]
