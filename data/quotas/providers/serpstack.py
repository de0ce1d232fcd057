"""SerpStack: Google's results. An error may come with status 200; it has no account to ask: our ledger is the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.quotas.providers.client import Client, Document, Request
from data.quotas.providers.google import results, wanted
from data.quotas.providers.outcomes import CallResult

if TYPE_CHECKING:
    from data.quotas.providers.outcomes import Outcome
    from data.quotas.routing.queries import Query

_ERRORS: dict[str, Outcome] = {
    "usage_limit_reached": "exhausted",
    "invalid_access_key": "unauthorised",
    "missing_access_key": "unauthorised",
    "inactive_user": "unauthorised",
    "rate_limit_reached": "throttled",
    "too_many_requests": "throttled",
    "no_results": "not_found",
    "missing_query": "bad_request",
    "missing_search_query": "bad_request",
}


class SerpStack(Client):
    provider = "serpstack"
    base = "https://api.serpstack.com"

    def request(self, query: Query, key: str) -> Request:
        return Request("/search", {"access_key": key, "query": query.params["q"]} | wanted(query))

    def parse_error(self, document: Document) -> CallResult | None:
        error = document.get("error") if isinstance(document, dict) else None
        if not isinstance(error, dict):
            return None
        return CallResult(_ERRORS.get(str(error.get("type")), "failed"), self.words(document), 200)

    def parse_answer(self, query: Query, document: Document) -> dict[str, Any]:
        del query
        return results(document, address="url")
