"""Domains and mentions, over REST."""

from callbacks.http.v1.domains import domains, mentions

APIS = (domains.api, mentions.api)
