"""BuiltWith: what a site is built with, by groups. A header says what is left, a body of a 429 for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.quotas.providers.client import Client, Document, Request, parse_number, record, records
from data.quotas.providers.outcomes import CallResult, ReportedUsage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.quotas.routing.queries import Query

_LEFT = "x-api-credits-remaining"


class BuiltWith(Client):
    provider = "builtwith"
    base = "https://api.builtwith.com"

    def request(self, query: Query, key: str) -> Request:
        return Request("/free1/api.json", {"KEY": key, "LOOKUP": query.params["domain"]})

    def parse_error(self, document: Document) -> CallResult | None:
        if not isinstance(document, dict) or not document.get("Errors"):
            return None
        said = self.words(document)
        outcome = "unauthorised" if "key" in said.lower() else "exhausted" if "credit" in said.lower() else "failed"
        return CallResult(outcome, said, 200)  # type: ignore[arg-type]

    def parse_answer(self, query: Query, document: Document) -> dict[str, Any]:
        found = record(document)
        return {
            "domain": found.get("domain") or query.params["domain"],
            "first": found.get("first"),
            "last": found.get("last"),
            "groups": [
                {"name": each["name"], "live": each.get("live"), "dead": each.get("dead")}
                for each in records(found["groups"])
            ],
        }

    def parse_usage(self, document: Document, headers: Mapping[str, str]) -> ReportedUsage | None:
        del document
        left = parse_number(headers.get(_LEFT))
        return None if left is None else ReportedUsage(remaining=left)

    def account_request(self, key: str) -> Request | None:
        return Request("/usagev2/api.json", {"KEY": key})

    def parse_account(self, document: Document, headers: Mapping[str, str]) -> ReportedUsage | None:
        info = {name.lower(): value for name, value in record(document).items()}
        left = headers.get(_LEFT, info.get("remaining"))
        return ReportedUsage(
            used=parse_number(info.get("used")), limit=parse_number(info.get("purchased")), remaining=parse_number(left)
        )
