"""What the two that answer with Google's results have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.quotas.providers.client import record, records

if TYPE_CHECKING:
    from data.quotas.providers.client import Document
    from data.quotas.routing.queries import Query


def wanted(query: Query) -> dict[str, str | int]:
    """The country, the language and the number of the results, as both name them."""
    asked = query.params
    return {"gl": asked["country"], "hl": asked["language"], "num": asked["num"]}


def results(document: Document, *, address: str) -> dict[str, Any]:
    """The results by position; `address` is the field of a result's URL. Raises UnexpectedAnswer, KeyError."""
    found = record(document)
    return {
        "total": record(found.get("search_information") or {}).get("total_results"),
        "results": [
            {
                "position": each.get("position", place),
                "title": each.get("title"),
                "url": each[address],
                "snippet": each.get("snippet"),
            }
            for place, each in enumerate(records(found["organic_results"]), 1)
        ],
    }
