"""The ids of the Quotas page."""

from __future__ import annotations

from typing import Any

VIEW = "quotas-view"
NOTICE = "quotas-notice"
TICK = "quotas-tick"
ACTED = "quotas-acted"
TOAST = "quotas-toast"
COUNTERS = "quotas-counters"
CLOCKS = "quotas-clocks"
FORECAST = "quotas-forecast"
FORECAST_OF = "quotas-forecast-of"
CREDITS_BY_DAY = "quotas-credits-by-day"
PERFORMANCE = "quotas-performance"
SAVINGS = "quotas-savings"
LEDGERS = "quotas-ledgers"
LOG = "quotas-log"
WHAT_IF = "quotas-what-if"
DRILLS = "quotas-drills"
DRILL_PROVIDER = "quotas-drill-provider"
DRILL_MINUTES = "quotas-drill-minutes"
DRILL_START = "quotas-drill-start"
CATALOGUE = "quotas-catalogue"
CATALOGUE_SAVE = "quotas-catalogue-save"
CATALOGUE_ERROR = "quotas-catalogue-error"

Pattern = dict[str, Any]


def control(var: Any) -> Pattern:  # noqa: ANN401 — the word of the address; a name, or Dash's ALL
    """A control whose value stands in the address as `var-…`."""
    return {"type": "quotas-filter", "var": var}


def end_drill(provider: Any) -> Pattern:  # noqa: ANN401 — a provider, or Dash's ALL
    return {"type": "quotas-end-drill", "provider": provider}
