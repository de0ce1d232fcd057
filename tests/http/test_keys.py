"""No key of a provider is ever to be read anywhere: whatever goes wrong, and whoever asks."""

from __future__ import annotations

import dataclasses
import logging
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from clients.simulator.providers.answers import STANDINS
from clients.simulator.providers.faults import Answers, Garbage, Resets
from clients.simulator.providers.server import Standins
from data.quotas.routing.gateway import ProviderGateway
from data.settings import PROVIDER_KEYS
from tasks.refresh import bring_up_to_date
from tests.callers import person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from clients.simulator.providers.faults import Fault
    from data.services import Services
    from tests.callers import Caller

MARK = "s3cr3t/9f8e+7d6c"  # with letters that an address writes in another way
KEYS = {name: f"{MARK}-{name}" for name in STANDINS}
WRITTEN = (MARK, MARK.replace("/", "%2F").replace("+", "%2B"), MARK.replace("/", "\\/"))
QUERIES: list[tuple[str, str, dict[str, Any]]] = [
    ("serpstack", "search", {"q": "x"}),
    ("webscraping_ai", "page", {"url": "https://acme.io/"}),
    ("hunter_io", "contact", {"domain": "acme.io"}),
    ("builtwith", "technology", {"domain": "acme.io"}),
    ("clearbit", "company", {"domain": "acme.io"}),
    ("securitytrails", "dns", {"domain": "acme.io"}),
]
SEEN = (
    "/",
    "/quotas",
    "/missions",
    "/_dash-layout",
    "/_dash-dependencies",
    "/api/v1/quotas",
    "/api/v1/quotas/catalogue",
)
SEEN += ("/api/v1/quotas/decisions?limit=100", "/api/v1/audit?limit=100", "/api/v1/live", "/openapi/openapi.json")
FILES = ("api_usage_daily", "api_decisions")


@pytest.fixture
def standins(server: Flask, mc: Services) -> Iterator[Standins]:
    """The server with all seven keys set, and the stand-ins to hear them."""
    settings = mc.settings.model_copy(
        update={name: SecretStr(KEYS[name.removesuffix("_api_key")]) for name in PROVIDER_KEYS}
    )
    before = server.extensions["quotas"]
    with Standins(keys=set(KEYS.values())).serving() as found:
        server.extensions["quotas"] = ProviderGateway(dataclasses.replace(mc, settings=settings), bases=found.bases())
        yield found
        server.extensions["quotas"].close()
    server.extensions["quotas"] = before


def echoes(key: str) -> list[Fault]:
    """Errors that throw the key back at us."""
    said = f'{{"message": "no quota left for key {key}", "error": {{"info": "key {key}"}}}}'.encode()
    codes = (400, 401, 402, 403, 404, 429, 500, 503)
    return [Answers(code, said, {"X-Key": key, "Retry-After": "0"}) for code in codes] + [
        Answers(301, b"", {"Location": f"http://127.0.0.1:1/?key={key}"}),
        Answers(200, said),
        Garbage(body=f"<html>{key}".encode()),
        Resets(),
    ]


def everything(mc: Services) -> str:
    """Every row of every table, as text."""
    with mc.engine.connect() as connection:
        tables = connection.scalars(
            text("""select c.oid::regclass::text from pg_class c where c.relnamespace = 'public'::regnamespace
                    and c.relkind in ('r', 'p', 'm') and not c.relispartition""")
        ).all()
        rows = (connection.scalar(text(f"select string_agg(t::text, ' ') from {table} t")) for table in tables)
        return "\n".join(row for row in rows if row)


def ask_all(admin: Caller, standins: Standins) -> str:
    """Every provider with every error, and what was said about it."""
    said = []
    for provider, query_type, params in QUERIES:
        for number, fault in enumerate([None, *echoes(KEYS[provider])]):
            standins.faults.clear()
            if fault is not None:
                standins.faults[provider] = fault
            fresh = {name: f"{value}{number}" if name == "q" else value for name, value in params.items()}
            body = {"query_type": query_type, "params": fresh, "priority": "critical", "max_age_s": 0}
            said.append(admin("POST", "/api/v1/quotas/call", body).text)
            admin("PATCH", f"/api/v1/quotas/{provider}", {"timeout_s": 1 + number / 100})  # lifts what stopped it
    return "\n".join(said)


def test_no_key_is_in_logs_errors_pages_tables_audit_or_exports(
    mc: Services, server: Flask, standins: Standins, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    admin = person(mc, server, "admin")
    said = ask_all(admin, standins)
    assert '"outcome":"ok"' in said.replace(" ", "")
    assert "***" in everything(mc)  # a key that a provider said back was there, and was taken out
    bring_up_to_date(mc)
    pages = [admin("GET", path) for path in SEEN]
    files = [admin("GET", f"/api/v1/export/{name}.{form}") for name in FILES for form in ("csv", "json", "xlsx")]
    assert all(answer.status_code == 200 for answer in files)
    printed = capfd.readouterr()
    places = {
        "errors": said,
        "pages": "\n".join(answer.text for answer in pages),
        "exports": "\n".join(answer.data.decode("latin-1") for answer in files),
        "tables": everything(mc),
        "logs": caplog.text,
        "output": printed.out + printed.err,
        "memory": repr(server.extensions["quotas"].services.settings),
    }
    found = [(place, key) for place, words in places.items() for key in WRITTEN if key in words]
    assert found == []
