"""SecurityTrails: the DNS records and the registration of a domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from data.quotas.providers.client import Client, Document, Request, parse_number, record, records
from data.quotas.providers.outcomes import ReportedUsage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data.quotas.routing.queries import Query

_CONTACT = ("type", "name", "organization", "email", "country", "registrarName", "createdDate", "expiresDate")


class SecurityTrails(Client):
    provider = "securitytrails"
    base = "https://api.securitytrails.com"
    missing = frozenset({404})

    def request(self, query: Query, key: str) -> Request:
        path = f"/v1/domain/{quote(query.params['domain'], safe='')}"
        return Request(f"{path}/whois" if query.query_type == "whois" else path, headers={"APIKEY": key})

    def parse_answer(self, query: Query, document: Document) -> dict[str, Any]:
        found = record(document)
        if query.query_type == "whois":
            contacts = records(found.get("contacts"))
            return {
                "domain": query.params["domain"],
                "contacts": [{name: each.get(name) for name in _CONTACT} for each in contacts],
            }
        current = record(found["current_dns"])
        kinds = {kind: records(record(each).get("values")) for kind, each in current.items()}
        return {"domain": found.get("hostname") or query.params["domain"], "records": kinds}

    def account_request(self, key: str) -> Request | None:
        return Request("/v1/account/usage", headers={"APIKEY": key})

    def parse_account(self, document: Document, headers: Mapping[str, str]) -> ReportedUsage | None:
        del headers
        info = record(document)
        used, limit = parse_number(info.get("current_monthly_usage")), parse_number(info.get("allowed_monthly_usage"))
        left = max(limit - used, limit * 0) if used is not None and limit is not None else None
        return ReportedUsage(used=used, limit=limit, remaining=left)
