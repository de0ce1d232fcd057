"""What the overview is made of: a list of named panels, each with the place it takes by itself on each screen.

A place counts cells of a grid of 24 columns. On the wall 26 rows fill the screen, at the desk too; a laptop scrolls,
and on the phone only the order counts: cards two by two, the other panels in a row that is swiped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.backlinks.panels import discoveries
from components.missions.panels import fleet, timeline
from components.overview import cards
from components.overview.alerts import alerts
from components.quotas.panels import quotas
from data.layouts.rules import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from dash import html

    from data.layouts.rules import Screen

COLUMNS = 24
ROWS = 26  # of the screens that do not scroll


@dataclass(frozen=True, slots=True)
class Panel:
    """`build` draws the panel, whose element has the id `panel-<name>`; it is never smaller than `least`."""

    name: str
    title: str
    build: Callable[[], html.Section]
    places: dict[Screen, Place]
    least: tuple[int, int] = (4, 4)


def _card(at: int, name: str, title: str, build: Callable[[], html.Section]) -> Panel:
    """The `at`-th key figure: eight in a row on wall and desk, four on a laptop, two on the phone."""
    row = Place(3 * at, 0, 3, 4)
    places: dict[Screen, Place] = {
        "wall": row,
        "desk": row,
        "laptop": Place(6 * (at % 4), 3 * (at // 4), 6, 3),
        "phone": Place(12 * (at % 2), 4 * (at // 2), 12, 4),
    }
    return Panel(name, title, build, places, least=(3, 3))


def _panel(
    name: str, title: str, build: Callable[[], html.Section], *, wall: Place, desk: Place, laptop: Place, phone: Place
) -> Panel:
    return Panel(name, title, build, {"wall": wall, "desk": desk, "laptop": laptop, "phone": phone})


PANELS: tuple[Panel, ...] = (
    _card(0, "card-missions", "Active missions", cards.missions),
    _card(1, "card-satellites", "Satellite fleet", cards.satellites),
    _card(2, "card-queue", "Queue depth", cards.queue),
    _card(3, "card-alerts", "Alerts", cards.alerts),
    _card(4, "card-pages", "Pages / min", cards.pages),
    _card(5, "card-links", "Links, 24 h", cards.links),
    _card(6, "card-providers", "APIs running short", cards.providers),
    _card(7, "card-domains", "Watched domains free", cards.domains),
    _panel(
        "discoveries",
        "Real-time backlink discovery",
        lambda: discoveries(limit=8),
        wall=Place(0, 4, 14, 13),
        desk=Place(0, 4, 13, 12),
        laptop=Place(0, 6, 24, 10),
        phone=Place(0, 16, 24, 11),
    ),
    _panel(
        "quotas",
        "API quota status",
        quotas,
        wall=Place(14, 4, 10, 13),
        desk=Place(13, 4, 11, 8),
        laptop=Place(0, 16, 24, 8),
        phone=Place(0, 27, 24, 11),
    ),
    _panel(
        "timeline",
        "Mission timeline & job status",
        lambda: timeline(limit=12),
        wall=Place(0, 17, 11, 9),
        desk=Place(0, 16, 13, 10),
        laptop=Place(0, 24, 24, 11),
        phone=Place(0, 38, 24, 11),
    ),
    _panel(
        "fleet",
        "Satellite fleet",
        lambda: fleet(limit=15),
        wall=Place(11, 17, 6, 9),
        desk=Place(13, 12, 11, 7),
        laptop=Place(0, 35, 24, 7),
        phone=Place(0, 49, 24, 11),
    ),
    _panel(
        "alerts",
        "Alerts",
        lambda: alerts(limit=8),
        wall=Place(17, 17, 7, 9),
        desk=Place(13, 19, 11, 7),
        laptop=Place(0, 42, 24, 8),
        phone=Place(0, 60, 24, 11),
    ),
)
