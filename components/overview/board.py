"""The overview as a board: where its panels may stand, and slots for the numbers and charts that people add."""

from __future__ import annotations

from components.overview.panels import COLUMNS, PANELS, ROWS
from data.layouts.rules import Board

SLOTS = tuple(f"widget-{number}" for number in range(1, 13))
LEAST_SLOT = (3, 3)

BOARD = Board(
    columns=COLUMNS,
    rows=ROWS,
    fixed=frozenset({"wall", "desk"}),
    panels={panel.name: panel.places for panel in PANELS},
    least={panel.name: panel.least for panel in PANELS} | dict.fromkeys(SLOTS, LEAST_SLOT),
    slots=frozenset(SLOTS),
)
