"""ValueSERP: Google's results. Every answer carries what is left; only answers with status 200 are billed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.quotas.providers.client import Client, Document, Request, moment, number, record, records
from data.quotas.verdicts import Account

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.quotas.queries import Query


class ValueSerp(Client):
    provider = "valueserp"
    base = "https://api.valueserp.com"

    def request(self, query: Query, key: str) -> Request:
        asked = query.params
        params = {"api_key": key, "q": asked["q"], "gl": asked["country"], "hl": asked["language"]}
        return Request("/search", params | {"num": asked["num"]})

    def read(self, query: Query, document: Document) -> dict[str, Any]:
        del query
        found = record(document)
        results = records(found["organic_results"])
        total = record(found.get("search_information") or {}).get("total_results")
        return {"total": total, "results": [_result(place, each) for place, each in enumerate(results, 1)]}

    def words(self, document: Document) -> str:
        info = document.get("request_info") if isinstance(document, dict) else None
        said = info.get("message") if isinstance(info, dict) else None
        return said if isinstance(said, str) else super().words(document)

    def told(self, document: Document, headers: Mapping[str, str]) -> Account | None:
        del headers
        info = document.get("request_info") if isinstance(document, dict) else None
        left = number(info.get("credits_remaining")) if isinstance(info, dict) else None
        # What it calls used counts this call alone in some plans: only what is left is compared.
        return None if left is None else Account(remaining=left)

    def account_request(self, key: str) -> Request | None:
        return Request("/account", {"api_key": key})

    def account(self, document: Document, headers: Mapping[str, str]) -> Account | None:
        del headers
        info = record(record(document)["account_info"])
        return Account(
            used=number(info.get("credits_used")),
            limit=number(info.get("credits_limit")),
            remaining=number(info.get("credits_remaining")),
            resets_at=moment(info.get("credits_reset_at")),
        )


def _result(place: int, each: dict[str, Any]) -> dict[str, Any]:
    return {
        "position": each.get("position", place),
        "title": each.get("title"),
        "url": each["link"],
        "snippet": each.get("snippet"),
    }
