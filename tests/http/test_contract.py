"""The API keeps what its OpenAPI document says, whatever is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.generation import GenerationMode
from sqlalchemy import text

from data.live import channel
from data.permissions import Scope
from tests.callers import person, program
from tests.crawls import SATELLITE, crew

if TYPE_CHECKING:
    from flask import Flask
    from schemathesis import BaseSchema, Case

    from data.services import Services

EXAMPLES = 12
CHECKS = (
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
    checks.unsupported_method,
)


ALERT = """
insert into alerts (rule, fingerprint, labels, subject, group_key, severity, state, message, started_at, fired_at,
  last_evaluated_at)
values ('Deep queue', 'f', '{}', '{}', 'Deep queue', 'critical', 'firing', 'at 1,247', now(), now(), now()) returning id
"""


@pytest.fixture
def document(server: Flask) -> dict[str, Any]:
    found: dict[str, Any] = server.test_client().get("/api/v1/openapi.json").json
    return found


@pytest.fixture
def schema(server: Flask) -> BaseSchema:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", server)


@pytest.fixture
def known(mc: Services, server: Flask) -> dict[str, list[str]]:
    """What is there: for each parameter of a path, values that lead somewhere."""
    team = crew(mc, server)
    running = team.start()
    waiting = team.submit()
    ended = team.submit()
    team.act(ended, "cancel")
    person(mc, server, "viewer")
    admin = program(mc, server, "admin")
    keys = [admin("POST", "/api/v1/keys", {"name": "k", "scopes": ["read"]}).json["key_id"] for _ in range(2)]
    with mc.engine.begin() as connection:
        alert = connection.scalar(text(ALERT))
    users = [user["user_id"] for user in admin("GET", "/api/v1/users").json["items"]]
    streams = [
        "backlinks",
        "page_visits",
        "competitor_sets",
        "domains",
        "brand_mentions",
        "satellite_performance",
        "missions",
        "api_usage",
    ]
    return {
        "job_id": [running, waiting, ended],
        "satellite_id": [SATELLITE],
        "key_id": keys,
        "user_id": users,
        "id": [alert],
        "stream": streams,
        "provider": ["serpstack", "valueserp"],
        "verb": ["pause", "resume", "cancel", "retry"],
        "dataset": ["missions", "missions_daily", "satellites"],
        "domain_name": ["acme.io", "free.example"],
        "owner": ["acme.io"],
        "brand": ["Acme"],
        "form": ["csv", "json", "parquet", "xlsx"],
    }


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any], schema: BaseSchema) -> None:
    assert document["openapi"].startswith("3.1")
    schema.validate()
    names = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


def test_every_route_of_the_api_is_in_the_document_and_nothing_else_is(server: Flask, document: dict[str, Any]) -> None:
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in server.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }
    described = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert described == routes - {("get", "/api/v1/openapi.json"), ("get", "/api/v1/docs")}


def test_every_operation_has_a_summary_its_answers_and_its_problems(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (method, path)
            assert set(operation["responses"]) & {"200", "201", "202", "204"}, (method, path)
            assert "application/problem+json" in operation["responses"]["401"]["content"], (method, path)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.name.lower())
def test_every_answer_conforms(
    mc: Services,
    server: Flask,
    schema: BaseSchema,
    known: dict[str, list[str]],
    subtests: pytest.Subtests,
    mode: GenerationMode,
) -> None:
    channel.publish(mc.cache.redis, channel.Frame(1, "snapshot", {"as_of": 1}, 1))
    caller = program(mc, server, *Scope)
    headers = {"Accept-Encoding": "identity", **caller.headers}
    for operation in (found.ok() for found in schema.get_all_operations()):

        @settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
        def ask(case: Case, data: st.DataObject) -> None:
            for name in set(case.path_parameters or {}) & set(known):
                if data.draw(st.integers(0, 3)):  # mostly something that is there
                    case.path_parameters[name] = data.draw(st.sampled_from(known[name]))
            case.call_and_validate(headers=headers, checks=list(CHECKS))

        with subtests.test(operation=f"{operation.method.upper()} {operation.path}"):
            ask()
