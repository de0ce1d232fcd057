"""A small curve as a picture, for numbers that do not come with the live state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

from dash import html

from components.kit.theme import AMBER, CRITICAL, CYAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    Tone = Literal["", "serious", "critical"]

WIDTH, HEIGHT, POINTS = 200, 40, 120
_COLOURS: dict[Tone, str] = {"": CYAN, "serious": AMBER, "critical": CRITICAL}


@dataclass(frozen=True, slots=True)
class Spark:
    values: Sequence[float]
    tone: Tone = ""

    def picture(self) -> html.Img:
        return _picture(self.values, _COLOURS[self.tone])


def _picture(values: Sequence[float], colour: str) -> html.Img:
    """Thinned to what a card has room for; the curve fills its height unless it is flat."""
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in _points(_thinned(values)))
    area = f"0,{HEIGHT} {line} {WIDTH},{HEIGHT}"
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">'
        f'<polygon points="{area}" fill="{colour}" opacity="0.16"/>'
        f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2" vector-effect="non-scaling-stroke"/>'
        "</svg>"
    )
    return html.Img(src=f"data:image/svg+xml,{quote(drawn)}", alt="", className="spark-picture")


def _thinned(values: Sequence[float]) -> list[float]:
    size = max(1, -(-len(values) // POINTS))
    return [sum(values[at : at + size]) / len(values[at : at + size]) for at in range(0, len(values), size)]


def _points(values: list[float]) -> list[tuple[float, float]]:
    if not values:
        return []
    values = values * 2 if len(values) == 1 else values
    low, high = min(values), max(values)
    room = HEIGHT - 4
    scaled = [(value - low) / (high - low) if high > low else 0.3 for value in values]
    return [(at * WIDTH / (len(values) - 1), 2 + room * (1 - y)) for at, y in enumerate(scaled)]
