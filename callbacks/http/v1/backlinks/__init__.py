"""Links, their checks and their signals, over REST."""

from callbacks.http.v1.backlinks import backlinks, checks, signals

APIS = (backlinks.api, checks.api, signals.api)
