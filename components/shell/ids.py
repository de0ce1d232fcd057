"""The ids of the frame around every page."""

from __future__ import annotations

from typing import Any

SHELL = "shell"
PERSON = "shell-person"
STAMPS = "live-stamps"
POLL = "live-poll"
CHART_TEMPLATE = "chart-template"
SINK = "shell-sink"
CONFIG = "shell-config"
CONFIG_OPEN = "shell-config-open"
CONFIG_SAID = "shell-config-said"
FIND = "shell-find"
PILL = "shell-pill"


def config(name: Any) -> dict[str, Any]:  # noqa: ANN401 — a preference, or Dash's ALL
    """A field of the drawer: a preference, or one side of a threshold like "caution:queue_depth"."""
    return {"type": "shell-config-field", "name": name}
