"""The ids of the Quotas page."""

from __future__ import annotations

from typing import Any

VIEW = "quotas-view"
TICK = "quotas-tick"
ACTED = "quotas-acted"
TOAST = "quotas-toast"
COUNTERS = "quotas-counters"
CLOCKS = "quotas-clocks"
CLOCKS_FILES = "quotas-clocks-files"
FORECAST = "quotas-forecast"
FORECAST_OF = "quotas-forecast-of"
CREDITS_BY_DAY = "quotas-credits-by-day"
PERFORMANCE = "quotas-performance"
PERFORMANCE_FILES = "quotas-performance-files"
SAVINGS = "quotas-savings"
LEDGERS = "quotas-ledgers"
LEDGERS_FILES = "quotas-ledgers-files"
LOG = "quotas-log"
LOG_FILES = "quotas-log-files"
WHAT_IF = "quotas-what-if"
DRILLS = "quotas-drills"
DRILL_PROVIDER = "quotas-drill-provider"
DRILL_MINUTES = "quotas-drill-minutes"
DRILL_START = "quotas-drill-start"
CATALOGUE = "quotas-catalogue"
CATALOGUE_SAVE = "quotas-catalogue-save"
CATALOGUE_ERROR = "quotas-catalogue-error"

Pattern = dict[str, Any]


def filter(var: Any) -> Pattern:  # noqa: A001, ANN401 — the word of the address; a name, or Dash's ALL
    """A control whose value stands in the address as `var-…`."""
    return {"type": "quotas-filter", "var": var}


def end_drill(provider: Any) -> Pattern:  # noqa: ANN401 — a provider, or Dash's ALL
    return {"type": "quotas-end-drill", "provider": provider}
