"""The ids of the overview; those made by functions are patterns, one of each for every slot of the board."""

from __future__ import annotations

from typing import Any

BOARD = "overview-board"
VIEW = "overview-view"
STAMP = "overview-stamp"
NOTICE = "overview-notice"

Pattern = dict[str, Any]


def shows(slot: Any) -> Pattern:  # noqa: ANN401 — a slot, or Dash's MATCH
    """The store with the name of the number or chart that a slot shows."""
    return {"type": "overview-shows", "slot": slot}


def widget(slot: Any) -> Pattern:  # noqa: ANN401 — a slot, or Dash's MATCH
    return {"type": "overview-widget", "slot": slot}


def figure(slot: Any) -> Pattern:  # noqa: ANN401 — a slot, or Dash's MATCH
    return {"type": "overview-figure", "slot": slot}


def chart(slot: Any) -> Pattern:  # noqa: ANN401 — a slot, or Dash's MATCH
    return {"type": "overview-chart", "slot": slot}


def cover(slot: Any) -> Pattern:  # noqa: ANN401 — a slot, or Dash's MATCH
    """The skeleton that stands there until the first figure."""
    return {"type": "overview-cover", "slot": slot}
