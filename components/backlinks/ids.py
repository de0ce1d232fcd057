"""The ids of the Backlinks page; those made by functions are patterns, matched with ALL."""

from __future__ import annotations

from typing import Any

VIEW = "backlinks-view"
STAMP = "backlinks-stamp"
NOTICE = "backlinks-notice"
CHIPS = "backlinks-chips"
FIRST_STEPS = "backlinks-first-steps"
REPLAY = "backlinks-replay"
REPLAY_DAYS = "backlinks-replay-days"
CARDS = "backlinks-cards"
CHANGED = "backlinks-changed"
VELOCITY = "backlinks-velocity"
VELOCITY_NOTE = "backlinks-velocity-note"
AUTHORITY = "backlinks-authority"
RADAR = "backlinks-radar"
TOXIC = "backlinks-toxic"
BOARD = "backlinks-board"
LOST = "backlinks-lost"
LOST_NOTE = "backlinks-lost-note"
INTERSECT = "backlinks-intersect"
INTERSECT_NOTE = "backlinks-intersect-note"
ANCHORS = "backlinks-anchors"
ANCHORS_NOTE = "backlinks-anchors-note"
SIGNALS = "backlinks-signals"
SIGNALS_NOTE = "backlinks-signals-note"
MARKERS = "backlinks-markers"
MARKERS_NOTE = "backlinks-markers-note"


def control(var: Any) -> dict[str, Any]:  # noqa: ANN401 — a name, or Dash's ALL
    """A control that holds `var-<var>` of the address."""
    return {"type": "backlinks-filter", "var": var}
