"""Missions and the satellites that work on them, over REST."""

from callbacks.http.v1.missions import missions, satellites

APIS = (missions.api, satellites.api)
