"""Paid APIs over REST."""

from callbacks.http.v1.quotas import quotas

APIS = (quotas.api,)
