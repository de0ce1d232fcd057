"""WebScraping.AI: the HTML of a page, rendered or not. Its 429 carries no Retry-After: its account must be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.quotas.providers.client import Client, Document, Request, UnexpectedAnswer, parse_moment, parse_number, record
from data.quotas.providers.outcomes import ReportedUsage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.quotas.routing.queries import Query


class WebScrapingAi(Client):
    provider = "webscraping_ai"
    base = "https://api.webscraping.ai"
    is_json = False

    def request(self, query: Query, key: str) -> Request:
        asked = query.params
        params = {"api_key": key, "url": asked["url"], "js": str(asked["js"]).lower(), "proxy": asked["proxy"]}
        return Request("/html", params | {"country": asked["country"]})

    def parse_answer(self, query: Query, document: Document) -> dict[str, Any]:
        if not isinstance(document, str) or not document.strip():
            raise UnexpectedAnswer("an empty page")
        return {"url": query.params["url"], "html": document.replace("\x00", "")}

    def account_request(self, key: str) -> Request | None:
        return Request("/account", {"api_key": key})

    def parse_account(self, document: Document, headers: Mapping[str, str]) -> ReportedUsage | None:
        del headers
        info = record(document)
        monthly = parse_number(info.get("remaining_monthly_credits"))
        left = monthly if monthly is not None else parse_number(info.get("remaining_api_calls"))
        return ReportedUsage(remaining=left, resets_at=parse_moment(info.get("resets_at")))
