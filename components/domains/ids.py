"""The ids of the Domains pages; those made by functions are patterns, matched with ALL."""

from __future__ import annotations

from typing import Any

VIEW = "domains-view"
NOTICE = "domains-notice"
TOAST = "domains-toast"
ACTED = "domains-acted"
CARDS = "domains-cards"
HUNTER = "domains-hunter"
HUNTER_NOTE = "domains-hunter-note"
VALUE = "domains-value"
WEIGHTS = "domains-weights"
WEIGH = "domains-weigh"
OPPORTUNITIES = "domains-opportunities"
WATCHED = "domains-watched"
OWNERS = "domains-owners"
PORTFOLIOS = "domains-portfolios"
BRANDS = "domains-brands"
MENTIONS = "domains-mentions"
MENTIONS_BY_DAY = "domains-mentions-by-day"
FEEDS = "domains-feeds"
PRESSED = "domains-pressed"
STAMP = "domains-stamp"
OWN_VIEW = "domains-own-view"
OWN_NOTICE = "domains-own-notice"
OWN_NAME = "domains-own-name"
OWN_FACTS = "domains-own-facts"
OWN_VALUE = "domains-own-value"
OWN_HISTORY = "domains-own-history"
OWN_LINKS = "domains-own-links"
OWN_REFERRING = "domains-own-referring"
OWN_NEWEST = "domains-own-newest"
OWN_MENTIONS = "domains-own-mentions"

Pattern = dict[str, Any]


def control(var: Any) -> Pattern:  # noqa: ANN401 — a name, or Dash's ALL
    """A control that holds `var-<var>` of the address."""
    return {"type": "domains-filter", "var": var}


def weight(factor: Any) -> Pattern:  # noqa: ANN401 — a factor, or Dash's ALL
    return {"type": "domains-weight", "factor": factor}
