"""The ids of the Missions page; those made by functions are patterns, matched with ALL."""

from __future__ import annotations

from typing import Any

VIEW = "missions-view"
NOTICE = "missions-notice"
BOARD = "missions-board"
DETAIL = "missions-detail"
STAMP = "missions-stamp"
STATUS = "missions-status"  # of the mission that is open, as the live state tells it
DRAWN = "missions-drawn"  # … as the drawer shows it
CHANGED = "missions-changed"  # … once the two differ
SUBMIT = "missions-submit"
TOAST = "missions-toast"  # its own: an output outside the page would call the callback when the page is entered
JOBS_BY_OUTCOME = "missions-jobs-by-outcome"
PAGES_BY_DAY = "missions-pages-by-day"
COMPLETION_TIME = "missions-completion-time"
SATELLITE_SPEED = "missions-satellite-speed"


Pattern = dict[str, Any]


def field(name: Any) -> Pattern:  # noqa: ANN401 — a name, or Dash's ALL
    return {"type": "missions-field", "name": name}


def error(name: Any) -> Pattern:  # noqa: ANN401 — a name, or Dash's ALL
    return {"type": "missions-error", "name": name}


def action(verb: Any) -> Pattern:  # noqa: ANN401 — a verb, or Dash's ALL
    return {"type": "missions-action", "verb": verb}


def priority(place: Any = "open") -> Pattern:  # noqa: ANN401 — the one place, or Dash's ALL
    return {"type": "missions-priority", "place": place}
