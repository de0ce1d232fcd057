"""Clearbit: the company behind a domain. Retired for new users; asked only by those who still have a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from data.quotas.providers.client import Client, Document, Request, UnexpectedAnswer, record

if TYPE_CHECKING:
    from data.quotas.routing.queries import Query


class Clearbit(Client):
    provider = "clearbit"
    base = "https://company.clearbit.com"
    missing = frozenset({404})

    def request(self, query: Query, key: str) -> Request:
        return Request("/v2/companies/find", {"domain": query.params["domain"]}, {"Authorization": f"Bearer {key}"})

    def parse_answer(self, query: Query, document: Document) -> dict[str, Any]:
        del query
        found = record(document)
        if not found.get("domain"):
            raise UnexpectedAnswer("a company without a domain")
        return {name: found.get(name) for name in ("name", "domain", "description", "location", "foundedYear")}
