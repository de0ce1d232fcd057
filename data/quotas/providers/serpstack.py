"""SerpStack: Google's results. An error may come with status 200; it has no account to ask: our ledger is the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.quotas.providers.client import Client, Document, Request, record, records
from data.quotas.verdicts import Finding

if TYPE_CHECKING:
    from data.quotas.queries import Query
    from data.quotas.verdicts import Outcome

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
        asked = query.params
        params = {"access_key": key, "query": asked["q"], "gl": asked["country"], "hl": asked["language"]}
        return Request("/search", params | {"num": asked["num"]})

    def trouble(self, document: Document) -> Finding | None:
        error = document.get("error") if isinstance(document, dict) else None
        if not isinstance(error, dict):
            return None
        return Finding(_ERRORS.get(str(error.get("type")), "failed"), self.words(document), 200)

    def read(self, query: Query, document: Document) -> dict[str, Any]:
        del query
        found = record(document)
        results = records(found["organic_results"])
        total = record(found.get("search_information") or {}).get("total_results")
        return {"total": total, "results": [_result(place, each) for place, each in enumerate(results, 1)]}


def _result(place: int, each: dict[str, Any]) -> dict[str, Any]:
    return {
        "position": each.get("position", place),
        "title": each.get("title"),
        "url": each["url"],
        "snippet": each.get("snippet"),
    }
