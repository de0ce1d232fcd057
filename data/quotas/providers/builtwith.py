"""BuiltWith: what a site is built with, by groups. A header says what is left, a body of a 429 for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.quotas.providers.client import Client, Document, Request, number, record, records
from data.quotas.verdicts import Account, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.quotas.queries import Query

_LEFT = "x-api-credits-remaining"


class BuiltWith(Client):
    provider = "builtwith"
    base = "https://api.builtwith.com"

    def request(self, query: Query, key: str) -> Request:
        return Request("/free1/api.json", {"KEY": key, "LOOKUP": query.params["domain"]})

    def trouble(self, document: Document) -> Finding | None:
        if not isinstance(document, dict) or not document.get("Errors"):
            return None
        said = self.words(document)
        outcome = "unauthorised" if "key" in said.lower() else "exhausted" if "credit" in said.lower() else "failed"
        return Finding(outcome, said, 200)  # type: ignore[arg-type]

    def read(self, query: Query, document: Document) -> dict[str, Any]:
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

    def told(self, document: Document, headers: Mapping[str, str]) -> Account | None:
        del document
        left = number(headers.get(_LEFT))
        return None if left is None else Account(remaining=left)

    def account_request(self, key: str) -> Request | None:
        return Request("/usagev2/api.json", {"KEY": key})

    def account(self, document: Document, headers: Mapping[str, str]) -> Account | None:
        info = {name.lower(): value for name, value in record(document).items()}
        left = headers.get(_LEFT, info.get("remaining"))
        return Account(used=number(info.get("used")), limit=number(info.get("purchased")), remaining=number(left))
