"""Quotas over HTTP: what is left, who would take a query, a call, a drill, an edit, the stream of metered calls."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from clients.simulator.providers.server import Standins
from data.quotas.routing.gateway import ProviderGateway
from data.settings import PROVIDER_KEYS
from tasks.refresh import bring_up_to_date
from tests.callers import Caller, person, program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from data.services import Services

SEARCH = {"query_type": "search", "params": {"q": "wall screens"}}


@pytest.fixture(scope="module")
def standins() -> Iterator[Standins]:
    with Standins().serving() as found:
        yield found


@pytest.fixture
def counters(server: Flask, mc: Services, standins: Standins) -> Iterator[Standins]:
    """The server as one whose simulated calls have somewhere to go."""
    settings = mc.settings.model_copy(update={"standins_url": standins.url})
    before, services = server.extensions["quotas"], dataclasses.replace(mc, settings=settings)
    server.extensions["quotas"] = ProviderGateway(services)
    yield standins
    server.extensions["quotas"].close()
    server.extensions["quotas"] = before
    standins.faults.clear()


@pytest.fixture
def simulator(mc: Services, server: Flask, counters: Standins) -> Caller:
    assert counters
    return program(mc, server, "ingest", "read", "operate", simulated=True)


def of(answer: Any, provider: str) -> dict[str, Any]:
    assert answer.status_code == 200, answer.json
    found: dict[str, Any] = next(each for each in answer.json["items"] if each["provider"] == provider)
    return found


def test_the_seven_are_there_before_anything_was_ever_called(mc: Services, server: Flask) -> None:
    answer = person(mc, server, "viewer")("GET", "/api/v1/quotas")
    assert len(answer.json["items"]) == 7
    assert of(answer, "valueserp") | {"resets_at": None, "window": "trial", "remaining": 100.0} == of(
        answer, "valueserp"
    )
    assert of(answer, "clearbit")["state"] == "retired"
    assert of(answer, "serpstack")["state_reason"] == "SERPSTACK_API_KEY is not set"
    assert of(answer, "serpstack")["resets_at"] is not None


def test_a_call_is_answered_metered_and_marked(simulator: Caller) -> None:
    answer = simulator("POST", "/api/v1/quotas/call", SEARCH | {"priority": "high"})
    assert answer.status_code == 200, answer.json
    assert (answer.json["provider"], answer.json["simulated"], answer.json["credits"]) == ("valueserp", True, 1.0)
    assert len(answer.json["answer"]["results"]) == 10
    account = of(simulator("GET", "/api/v1/quotas"), "valueserp")
    assert (account["used"], account["remaining"], account["simulated"]) == (1, 99, True)
    log = simulator("GET", "/api/v1/quotas/decisions?limit=1").json["items"][0]
    assert log["decision_id"] == answer.json["decision_id"]
    assert log["sentence"] == answer.json["reason"]
    assert {each["provider"] for each in log["candidates"]} == {"serpstack", "valueserp"}


def test_the_priority_of_a_mission_is_understood(simulator: Caller) -> None:
    answer = simulator("POST", "/api/v1/quotas/call", SEARCH | {"priority": 9})
    assert answer.json["priority"] == "high"
    assert simulator("POST", "/api/v1/quotas/call", SEARCH | {"priority": 11}).status_code == 422


def test_a_dry_run_spends_and_stores_nothing(simulator: Caller, counters: Standins) -> None:
    before = counters.accounts["serpstack"].calls
    asked = {"query_type": "search", "priority": "low", "dry_run": True}
    answer = simulator("POST", "/api/v1/quotas/route", asked).json
    assert (answer["provider"], answer["decision_id"], answer["dry_run"]) == ("serpstack", None, True)
    assert "SerpStack takes this search at priority low" in answer["reason"]
    assert [each["provider"] for each in answer["candidates"]] == ["serpstack", "valueserp"]
    without = simulator("POST", "/api/v1/quotas/route", asked | {"down": ["serpstack"]}).json
    assert without["provider"] == "valueserp"
    assert counters.accounts["serpstack"].calls == before
    assert simulator("GET", "/api/v1/quotas/decisions").json["items"] == []


def test_a_decision_is_stored_and_paged(simulator: Caller) -> None:
    made = [simulator("POST", "/api/v1/quotas/route", SEARCH).json["decision_id"] for _ in range(3)]
    page = simulator("GET", "/api/v1/quotas/decisions?limit=2").json
    rest = simulator("GET", f"/api/v1/quotas/decisions?limit=2&cursor={page['next_cursor']}").json
    assert [each["decision_id"] for each in page["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None


def test_a_viewer_may_look_and_not_spend(mc: Services, server: Flask) -> None:
    viewer = person(mc, server, "viewer")
    assert viewer("POST", "/api/v1/quotas/route", SEARCH).status_code == 403
    assert viewer("POST", "/api/v1/quotas/route", SEARCH | {"dry_run": True}).status_code == 429
    assert viewer("POST", "/api/v1/quotas/call", SEARCH).status_code == 403
    assert person(mc, server, "manager")("PUT", "/api/v1/quotas", {"providers": []}).status_code == 403


def test_when_all_are_out_the_answer_is_429_with_a_reason_for_each(mc: Services, server: Flask) -> None:
    answer = program(mc, server, "operate")("POST", "/api/v1/quotas/call", SEARCH)
    assert (answer.status_code, answer.mimetype) == (429, "application/problem+json")
    assert {tuple(error["loc"]): error["msg"] for error in answer.json["errors"]} == {
        ("serpstack",): "disabled: SERPSTACK_API_KEY is not set",
        ("valueserp",): "disabled: VALUESERP_API_KEY is not set",
    }
    assert int(answer.headers["Retry-After"]) == answer.json["retry_after"] >= 1
    assert "RateLimit" in answer.headers


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query_type": "horoscope", "params": {}}, "query_type"),
        ({"query_type": "search", "params": {}}, "q"),
        ({"query_type": "search", "params": {"q": ""}}, "q"),
        ({"query_type": "page", "params": {"url": "file:///etc/passwd"}}, "url"),
        ({"query_type": "dns", "params": {"domain": "a.b/../../v1/account"}}, "domain"),
        ({"query_type": "search", "params": {"q": "x", "api_key": "mine"}}, "api_key"),
        ({"query_type": "search", "params": {"q": "x"}, "priority": "urgent"}, "priority"),
        ({"query_type": "search", "params": {"q": "x"}, "max_age_s": -1}, "max_age_s"),
    ],
)
def test_a_wrong_call_names_its_field(simulator: Caller, body: dict[str, Any], field: str) -> None:
    answer = simulator("POST", "/api/v1/quotas/call", body)
    assert answer.status_code == 422
    assert any(field in error["loc"] for error in answer.json["errors"])


def test_a_drill_ends_when_it_is_told_to(simulator: Caller) -> None:
    drill = simulator("POST", "/api/v1/quotas/valueserp/drill", {"minutes": 5}).json
    assert datetime.fromisoformat(drill["until"]) > datetime.now(UTC) + timedelta(minutes=4)
    account = of(simulator("GET", "/api/v1/quotas"), "valueserp")
    assert (account["state"], account["state_reason"]) == ("cooldown", "failover drill")
    assert simulator("POST", "/api/v1/quotas/valueserp/drill", {"minutes": 0}).json["until"] is None
    assert of(simulator("GET", "/api/v1/quotas"), "valueserp")["state"] == "active"
    assert simulator("POST", "/api/v1/quotas/nobody/drill", {}).status_code == 404


def test_an_administrator_edits_records_and_the_audit_has_it(mc: Services, server: Flask) -> None:
    admin = person(mc, server, "admin")
    answer = admin("PUT", "/api/v1/quotas", {"providers": [{"provider": "hunter_io", "quota": 75}]})
    assert (of(answer, "hunter_io")["quota"], of(answer, "hunter_io")["unit"]) == (75, "credits")
    audit = admin("GET", "/api/v1/audit").json["items"][0]
    assert (audit["action"], audit["detail"]) == ("quotas.edit", {"quota": {"is": 75, "was": 50}})
    wrong = [{"provider": "hunter_io", "quota": 80}, {"provider": "builtwith", "window": "weekly"}, {"provider": "x"}]
    refused = admin("PUT", "/api/v1/quotas", {"providers": wrong})
    assert refused.status_code == 422
    assert [error["loc"][:2] for error in refused.json["errors"]] == [["providers", 1], ["providers", 2]]
    assert of(admin("GET", "/api/v1/quotas"), "hunter_io")["quota"] == 75


def test_one_record_is_edited_by_its_fields(mc: Services, server: Flask) -> None:
    admin = person(mc, server, "admin")
    changed = admin("PATCH", "/api/v1/quotas/builtwith", {"quota": 260, "unit_price": 0.02})
    assert (changed.status_code, changed.json["quota"], changed.json["unit_price"]) == (200, 260, 0.02)
    refused = admin("PATCH", "/api/v1/quotas/builtwith", {"quota": -1, "cost": {"base": 1, "rules": 7}, "colour": 1})
    assert refused.status_code == 422
    assert {error["loc"][0] for error in refused.json["errors"]} == {"quota", "cost", "colour"}
    assert admin("PATCH", "/api/v1/quotas/builtwith", {"provider": "mine"}).json["errors"][0]["loc"] == ["provider"]
    assert admin("PATCH", "/api/v1/quotas/nobody", {"quota": 1}).status_code == 404
    assert person(mc, server, "manager")("PATCH", "/api/v1/quotas/builtwith", {"quota": 1}).status_code == 403
    assert of(admin("GET", "/api/v1/quotas"), "builtwith")["quota"] == 260


def test_a_provider_that_is_edited_into_a_contradiction_says_why(mc: Services, server: Flask) -> None:
    refused = person(mc, server, "admin")("PATCH", "/api/v1/quotas/builtwith", {"window": "trial"})
    assert refused.status_code == 422
    assert "reset: none" in refused.json["detail"]


def test_the_catalogue_is_edited_as_a_document(mc: Services, server: Flask) -> None:
    admin = person(mc, server, "admin")
    document = admin("GET", "/api/v1/quotas/catalogue").json["document"]
    changed = document.replace("quota: 200", "quota: 250")
    assert of(admin("PUT", "/api/v1/quotas", {"document": changed}), "builtwith")["quota"] == 250
    for broken, said in (("providers: [", "line 1"), ("- 1", "list of records"), ("a: &a [*a]", "providers")):
        refused = admin("PUT", "/api/v1/quotas", {"document": broken})
        assert refused.status_code == 422
        assert said in refused.json["detail"]


def usage(**more: Any) -> dict[str, Any]:
    return {"provider": "serpstack", "query_type": "search", "credits": 1, "latency_ms": 300} | more


def test_metered_calls_come_in_once_and_count_in_their_window(simulator: Caller, mc: Services) -> None:
    now = datetime.now(UTC)
    assert of(simulator("GET", "/api/v1/quotas"), "serpstack")["used"] == 0
    rows = [usage(event_id=f"e{number}", at=(now - timedelta(days=40 * number)).isoformat()) for number in range(3)]
    first = simulator("POST", "/api/v1/ingest/api_usage", rows).json
    again = simulator("POST", "/api/v1/ingest/api_usage", [*rows, usage(outcome="cached", credits=0, saved=1)]).json
    assert (first["accepted"], first["duplicates"]) == (3, 0)
    assert (again["accepted"], again["duplicates"]) == (1, 3)
    account = of(simulator("GET", "/api/v1/quotas"), "serpstack")
    assert (account["used"], account["used_today"]) == (1, 1)
    bring_up_to_date(mc)
    with mc.engine.connect() as connection:
        days = connection.exec_driver_sql(
            "select sum(n), sum(n_ok), sum(n_cached), sum(credits), sum(saved), sum(latency_le[5]), bool_and(simulated)"
            " from rollup_api_usage_daily"
        ).one()
        hours = connection.exec_driver_sql("select sum(n), sum(credits) from rollup_api_usage_hourly").one()
    assert tuple(days) == (4, 3, 1, 3, 1, 3, True)
    assert tuple(hours) == (4, 3)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"provider": "nobody"}, "provider"),
        ({"credits": -1}, "credits"),
        ({"credits": "NaN"}, "credits"),
        ({"latency_ms": "Infinity"}, "latency_ms"),
        ({"outcome": "fine"}, "outcome"),
        ({"at": "2999-01-01T00:00:00Z"}, "at"),
        ({"outcome": "cached", "credits": 2}, None),
    ],
)
def test_a_metered_call_that_cannot_be_is_refused(simulator: Caller, change: dict[str, Any], field: str | None) -> None:
    answer = simulator("POST", "/api/v1/ingest/api_usage", [usage(), usage(**change)]).json
    assert answer["accepted"] == 1
    assert answer["rejected"][0]["index"] == 1
    assert field is None or answer["rejected"][0]["errors"][0]["loc"] == [field]


def test_the_end_of_a_simulation_takes_its_spending_along(simulator: Caller, mc: Services, server: Flask) -> None:
    simulator("POST", "/api/v1/quotas/call", SEARCH)
    real = program(mc, server, "ingest")
    real("POST", "/api/v1/ingest/api_usage", [usage(credits=7)])
    admin = person(mc, server, "admin")
    removed = admin("DELETE", "/api/v1/simulation").json["removed"]
    assert removed["api_usage"] == 1
    found = of(admin("GET", "/api/v1/quotas"), "serpstack")
    assert (found["used"], found["simulated"]) == (7, False)
    assert admin("GET", "/api/v1/quotas/decisions").json["items"] == []


def test_no_setting_of_this_test_is_real(mc: Services) -> None:
    assert not any(getattr(mc.settings, name) for name in PROVIDER_KEYS)


@pytest.mark.parametrize(
    "change",
    [
        *("quota: .inf", "quota: .nan", "quota: 99999999999999999999999", "quota: 1e400", 'title: "\\0"', "title: [x]"),
        "cost: {base: 1, rules: [{when: {num: 99999999999999999999999}, cost: 1}]}",
        "cost: {base: 1, rules: [{when: {num: .inf}, cost: 1}]}",
        'cost: {base: 1, rules: [{when: {"x\\0": 1}, cost: 1}]}',
        'cost: {base: 1, rules: [{when: {x: "\\0"}, cost: 1}]}',
        *("quality: .nan", "timeout_s: 1.0e999", "unit_price: 1.0e30", "reset_day: 2001-01-01", "unit: &a [*a]"),
    ],
)
def test_a_document_with_what_cannot_be_stored_is_refused_by_name(mc: Services, server: Flask, change: str) -> None:
    admin = program(mc, server, "admin")
    document = f"providers:\n- provider: serpstack\n  {change}\n"
    refused = admin("PUT", "/api/v1/quotas", {"document": document})
    assert refused.status_code == 422, refused.text
    assert refused.json["errors"][0]["loc"][0] in ("providers", "yaml")
    assert admin("GET", "/api/v1/quotas/catalogue").status_code == 200
