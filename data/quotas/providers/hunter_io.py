"""Hunter.io: the contacts of a domain, and the company behind it. Its account is free to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.quotas.providers.client import Client, Document, Request, parse_moment, parse_number, record, records
from data.quotas.providers.outcomes import ReportedUsage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.quotas.routing.queries import Query

_PATHS = {"contact": "/v2/domain-search", "company": "/v2/companies/find"}


class HunterIo(Client):
    provider = "hunter_io"
    base = "https://api.hunter.io"
    missing = frozenset({404})

    def request(self, query: Query, key: str) -> Request:
        return Request(_PATHS[query.query_type], {"domain": query.params["domain"]}, {"X-API-KEY": key})

    def parse_answer(self, query: Query, document: Document) -> dict[str, Any]:
        found = record(record(document)["data"])
        if query.query_type == "company":
            return {name: found.get(name) for name in ("name", "domain", "description", "location", "foundedYear")}
        return {
            "domain": found.get("domain"),
            "organization": found.get("organization"),
            "pattern": found.get("pattern"),
            "emails": [_email(each) for each in records(found.get("emails"))],
        }

    def account_request(self, key: str) -> Request | None:
        return Request("/v2/account", headers={"X-API-KEY": key})

    def parse_account(self, document: Document, headers: Mapping[str, str]) -> ReportedUsage | None:
        """`available` minus `used` is no number of theirs: what is left is taken only where they say it."""
        del headers
        data = record(record(document)["data"])
        requests = record(data["requests"])
        counted = record(requests.get("credits") or requests.get("searches") or {})
        return ReportedUsage(
            used=parse_number(counted.get("used")),
            remaining=parse_number(counted.get("remaining")),
            resets_at=parse_moment(data.get("reset_date")),
        )


def _email(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "email": each["value"],
        "type": each.get("type"),
        "confidence": each.get("confidence"),
        "first_name": each.get("first_name"),
        "last_name": each.get("last_name"),
        "position": each.get("position"),
    }
