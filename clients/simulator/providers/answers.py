"""What each provider answers, in its own words: data, account, errors. The same question gets the same answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from clients.simulator.seeded_random import seeded_random
from clients.simulator.words import FIRST, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clients.simulator.providers.account import Account


@dataclass(frozen=True)
class Asked:
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Said:
    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def packed(self) -> tuple[bytes, str]:
        if isinstance(self.body, str):
            return self.body.encode(), "text/html; charset=utf-8"
        return json.dumps(self.body).encode(), "application/json"


def serp_results(question: str, count: int, link: str) -> list[dict[str, Any]]:
    roll, first, second = seeded_random("serp", question), FIRST.split(), SECOND.split()
    found = []
    for place in range(1, count + 1):
        host = f"{roll.choice(first)}{roll.choice(second)}.com"
        url = f"https://{host}/{'-'.join(question.lower().split())[:60]}"
        found.append({"position": place, "title": f"{question.title()} · {host}", link: url, "snippet": question})
    return found


def serpstack(asked: Asked, account: Account) -> Said:
    del account
    question, count = asked.params.get("query", ""), int(asked.params.get("num", "10"))
    if not question:
        return Said({"success": False, "error": {"code": 310, "type": "missing_query", "info": "a query is missing"}})
    return Said(
        {
            "request": {"success": True, "total_time_taken": 1.1, "search_url": "https://www.google.com/search"},
            "search_information": {"total_results": seeded_random("total", question).randint(10**4, 10**8)},
            "organic_results": serp_results(question, count, "url"),
        }
    )


def valueserp(asked: Asked, account: Account) -> Said:
    question, count = asked.params.get("q", ""), int(asked.params.get("num", "10"))
    info = {"success": bool(question), "credits_used": account.used, "credits_remaining": account.remaining}
    if not question:
        return Said({"request_info": info | {"message": "the parameter q is missing"}}, 400)
    return Said(
        {
            "request_info": info,
            "search_information": {"total_results": seeded_random("total", question).randint(10**4, 10**8)},
            "organic_results": serp_results(question, count, "link"),
        }
    )


def valueserp_account(_: Asked, account: Account) -> Said:
    info = {"credits_used": account.used, "credits_limit": account.limit, "credits_remaining": account.remaining}
    return Said({"request_info": {"success": True}, "account_info": {"api_key": "hidden", "name": "Stand-in"} | info})


def webscraping_ai(asked: Asked, account: Account) -> Said:
    del account
    url = asked.params.get("url", "")
    if not url:
        return Said({"message": "url is missing"}, 400)
    return Said(f"<!doctype html><html><head><title>{url}</title></head><body><h1>Page of {url}</h1></body></html>")


def webscraping_ai_account(_: Asked, account: Account) -> Said:
    return Said(
        {
            "email": "somebody@example.org",
            "remaining_monthly_credits": account.remaining,
            "remaining_payg_credits": 0,
            "remaining_total_credits": account.remaining,
            "resets_at": int(account.resets_at.timestamp()),
            "remaining_concurrency": 2,
        }
    )


def company(domain: str) -> dict[str, Any]:
    roll = seeded_random("company", domain)
    name = domain.split(".", maxsplit=1)[0].title()
    return {
        "name": name,
        "domain": domain,
        "description": f"{name} makes {roll.choice(SECOND.split())} software.",
        "location": roll.choice(("Berlin", "Lyon", "Porto", "Gdańsk", "Austin")),
        "foundedYear": roll.randint(1985, 2023),
    }


def hunter_io(asked: Asked, account: Account) -> Said:
    del account
    domain = asked.params.get("domain", "")
    if not domain:
        return Said({"errors": [{"id": "wrong_params", "code": 400, "details": "You are missing the domain"}]}, 400)
    if asked.path.endswith("/companies/find"):
        if seeded_random("company known", domain).random() < 0.05:
            return Said({"errors": [{"id": "not_found", "code": 404, "details": "No company found"}]}, 404)
        return Said({"data": company(domain), "meta": {"email": None}})
    roll = seeded_random("contacts", domain)
    people = [(roll.choice(("ann", "bo", "cleo", "dan")), roll.choice(("reed", "stone", "vale"))) for _ in range(3)]
    emails = [
        {
            "value": f"{first}.{last}@{domain}",
            "type": "personal",
            "confidence": roll.randint(60, 99),
            "first_name": first.title(),
            "last_name": last.title(),
            "position": "Editor",
        }
        for first, last in people
    ]
    data = {"domain": domain, "organization": company(domain)["name"], "pattern": "{first}.{last}", "emails": emails}
    return Said({"data": data, "meta": {"results": len(emails), "limit": 10}})


def hunter_io_account(_: Asked, account: Account) -> Said:
    counted = {"used": account.used, "available": account.limit, "remaining": account.remaining}
    reset = f"{account.resets_at:%Y-%m-%d}"
    return Said({"data": {"plan_name": "Free", "reset_date": reset, "requests": {"credits": counted}}})


def builtwith(asked: Asked, account: Account) -> Said:
    domain = asked.params.get("LOOKUP", "")
    left = {"X-API-CREDITS-REMAINING": str(account.remaining)}
    if not domain:
        return Said({"Errors": [{"Lookup": None, "Code": -3, "Message": "LOOKUP is missing"}]}, 200, left)
    roll = seeded_random("technology", domain)
    groups: list[dict[str, Any]] = [
        {"name": name, "live": roll.randint(1, 20), "dead": roll.randint(0, 30), "categories": []}
        for name in ("analytics", "cms", "framework", "hosting", "widgets")
    ]
    return Said({"domain": domain, "first": 1325376000, "last": 1760000000, "groups": groups}, 200, left)


def builtwith_account(_: Asked, account: Account) -> Said:
    left = {"X-API-CREDITS-REMAINING": str(account.remaining)}
    counted = {"used": account.used, "purchased": account.limit, "remaining": account.remaining}
    return Said(counted, 200, left)


def clearbit(asked: Asked, account: Account) -> Said:
    del account
    domain = asked.params.get("domain", "")
    if not domain:
        return Said({"error": {"type": "params_invalid", "message": "domain is missing"}}, 422)
    return Said(company(domain))


def securitytrails(asked: Asked, account: Account) -> Said:
    del account
    parts = asked.path.strip("/").split("/")
    domain = parts[2] if len(parts) > 2 else ""
    if parts[-1] == "whois":
        contact = {"type": "registrant", "organization": company(domain)["name"], "registrarName": "Registrar One"}
        return Said({"contacts": [contact | {"createdDate": 1325376000000, "expiresDate": 1893456000000}]})
    address = f"192.0.2.{seeded_random('address', domain).randint(1, 254)}"
    current = {"a": {"values": [{"ip": address}]}, "ns": {"values": [{"nameserver": f"ns1.{domain}"}]}}
    return Said({"hostname": domain, "current_dns": current, "alexa_rank": None})


def securitytrails_account(_: Asked, account: Account) -> Said:
    return Said({"current_monthly_usage": account.used, "allowed_monthly_usage": account.limit})


@dataclass(frozen=True)
class Standin:
    """`exhausted`, `refused` and `throttled` are what the provider documents; `key` finds the key in a request."""

    limit: int
    data: Callable[[Asked, Account], Said]
    key: Callable[[Asked], str]
    exhausted: Said
    refused: Said
    throttled: Said
    account_path: str | None = None
    account: Callable[[Asked, Account], Said] | None = None


def _param(name: str) -> Callable[[Asked], str]:
    return lambda asked: asked.params.get(name, "")


def _header(name: str) -> Callable[[Asked], str]:
    return lambda asked: asked.headers.get(name.lower(), "").removeprefix("Bearer ")


def _serpstack_error(code: int, kind: str, info: str) -> Said:
    return Said({"success": False, "error": {"code": code, "type": kind, "info": info}})


def _valueserp_error(status: int, message: str) -> Said:
    return Said({"request_info": {"success": False, "message": message}}, status)


STANDINS: dict[str, Standin] = {
    "serpstack": Standin(
        1000,
        serpstack,
        _param("access_key"),
        _serpstack_error(104, "usage_limit_reached", "Your monthly usage limit has been reached."),
        _serpstack_error(101, "invalid_access_key", "You have not supplied a valid API Access Key."),
        Said({"success": False, "error": {"code": 106, "type": "rate_limit_reached", "info": "Too many."}}, 429),
    ),
    "valueserp": Standin(
        100,
        valueserp,
        _param("api_key"),
        _valueserp_error(402, "Your account has run out of credits."),
        _valueserp_error(401, "The API Key supplied is not valid."),
        _valueserp_error(429, "Too many requests."),
        "/account",
        valueserp_account,
    ),
    "webscraping_ai": Standin(
        1000,
        webscraping_ai,
        _param("api_key"),
        Said({"message": "Some API credits are required"}, 402),
        Said({"message": "Wrong API key"}, 403),
        Said({"message": "Too many concurrent requests"}, 429),
        "/account",
        webscraping_ai_account,
    ),
    "hunter_io": Standin(
        50,
        hunter_io,
        _header("X-API-KEY"),
        Said({"errors": [{"id": "too_many_requests", "code": 429, "details": "Usage limit reached."}]}, 429),
        Said({"errors": [{"id": "authentication_failed", "code": 401, "details": "No user for this key"}]}, 401),
        Said({"errors": [{"id": "rate_limit", "code": 403, "details": "Too fast"}]}, 429),
        "/v2/account",
        hunter_io_account,
    ),
    "builtwith": Standin(
        200,
        builtwith,
        _param("KEY"),
        Said({"Errors": [{"Lookup": None, "Code": -2, "Message": "No API credits left"}]}),
        Said({"Errors": [{"Lookup": None, "Code": -1, "Message": "API key is incorrect"}]}),
        Said({"retryAfterSeconds": 2, "message": "Too many requests"}, 429),
        "/usagev2/api.json",
        builtwith_account,
    ),
    "clearbit": Standin(
        50,
        clearbit,
        _header("Authorization"),
        Said({"error": {"type": "account_paused", "message": "Over the quota of the account"}}, 402),
        Said({"error": {"type": "auth_invalid", "message": "Invalid API key provided"}}, 401),
        Said({"error": {"type": "rate_limit", "message": "Slow down"}}, 429, {"Retry-After": "30"}),
    ),
    "securitytrails": Standin(
        50,
        securitytrails,
        _header("APIKEY"),
        Said({"message": "You've exceeded the usage limits for your account."}, 429),
        Said({"message": "Invalid authentication credentials"}, 401),
        Said({"message": "API rate limit exceeded"}, 429),
        "/v1/account/usage",
        securitytrails_account,
    ),
}
