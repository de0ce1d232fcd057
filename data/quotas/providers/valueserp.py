"""ValueSERP: Google's results. Every answer carries what is left; only answers with status 200 are billed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.quotas.providers.client import Client, Document, Request, parse_moment, parse_number, record
from data.quotas.providers.google import results, wanted
from data.quotas.providers.outcomes import ReportedUsage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.quotas.routing.queries import Query


class ValueSerp(Client):
    provider = "valueserp"
    base = "https://api.valueserp.com"

    def request(self, query: Query, key: str) -> Request:
        return Request("/search", {"api_key": key, "q": query.params["q"]} | wanted(query))

    def parse_answer(self, query: Query, document: Document) -> dict[str, Any]:
        del query
        return results(document, address="link")

    def words(self, document: Document) -> str:
        info = document.get("request_info") if isinstance(document, dict) else None
        said = info.get("message") if isinstance(info, dict) else None
        return said if isinstance(said, str) else super().words(document)

    def parse_usage(self, document: Document, headers: Mapping[str, str]) -> ReportedUsage | None:
        del headers
        info = document.get("request_info") if isinstance(document, dict) else None
        left = parse_number(info.get("credits_remaining")) if isinstance(info, dict) else None
        # What it calls used counts this call alone in some plans: only what is left is compared.
        return None if left is None else ReportedUsage(remaining=left)

    def account_request(self, key: str) -> Request | None:
        return Request("/account", {"api_key": key})

    def parse_account(self, document: Document, headers: Mapping[str, str]) -> ReportedUsage | None:
        del headers
        info = record(record(document)["account_info"])
        return ReportedUsage(
            used=parse_number(info.get("credits_used")),
            limit=parse_number(info.get("credits_limit")),
            remaining=parse_number(info.get("credits_remaining")),
            resets_at=parse_moment(info.get("credits_reset_at")),
        )
