"""Alerts over REST."""

from callbacks.http.v1.alerts import alerts, rules

APIS = (alerts.api, rules.api)
