"""Who is told of alerts, over REST."""

from callbacks.http.v1.delivery import channels, escalations, maintenance, silences

APIS = (channels.api, silences.api, maintenance.api, escalations.api)
