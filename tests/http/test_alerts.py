"""Alerts and their rules, as programs and people use them from outside."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from data.alerts import evaluation
from data.db import transaction
from tests.callers import Caller, person, program

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from data.services import Services

SEED = """\
rules:
  - name: "High Error Rate"
    condition: "error_rate > 0.1"
    severity: "warning"
    channels: ["email", "slack"]
  - name: "System Resource High"
    condition: "cpu_usage > 80 OR memory_usage > 90"
    severity: "critical"
    channels: ["email", "slack"]
"""
DEEP = {
    "name": "Deep",
    "condition": 'queue_depth{queue="job_queue"} > 2',
    "severity": "critical",
    "channels": ["slack"],
}
NOW = datetime.fromtimestamp(datetime.now(UTC).timestamp() // 30 * 30, UTC)
YAML = {"Content-Type": "application/yaml"}


@pytest.fixture
def manager(mc: Services, server: Flask) -> Caller:
    return person(mc, server, "manager")


@pytest.fixture
def operator(mc: Services, server: Flask) -> Caller:
    return person(mc, server, "operator")


def submit(mc: Services, count: int) -> None:
    with transaction(mc.engine) as connection:
        connection.execute(
            text("""insert into crawl_jobs (job_type, target_url) select 'links', 'https://a.example/'
                    from generate_series(1, :count)"""),
            {"count": count},
        )


def fired(mc: Services, manager: Caller) -> dict[str, Any]:
    assert manager("PUT", "/api/v1/alert-rules", json={"rules": [DEEP]}).status_code == 200
    submit(mc, 3)
    evaluation.evaluate(mc, NOW)
    return next(each for each in manager("GET", "/api/v1/alerts?open=true").json["items"] if each["rule"] == "Deep")


def test_a_rule_that_is_saved_fires_and_its_alert_is_listed_taken_on_and_resolved(
    mc: Services, manager: Caller, operator: Caller
) -> None:
    alert = fired(mc, manager)
    assert (alert["state"], alert["severity"], alert["value"]) == ("firing", "critical", 3)
    assert alert["labels"] == {"queue": "job_queue"}
    taken = operator("POST", f"/api/v1/alerts/{alert['id']}/ack", json={})
    assert (taken.status_code, taken.json["by"]) == (200, "operator@example.org")
    assert manager("POST", f"/api/v1/alerts/{alert['id']}/ack").json["by"] == "operator@example.org", "the first stands"
    assert operator("POST", f"/api/v1/alerts/{alert['id']}/resolve").json["state"] == "resolved"
    assert operator("POST", f"/api/v1/alerts/{alert['id']}/resolve").status_code == 409
    assert operator("POST", f"/api/v1/alerts/{alert['id']}/ack").status_code == 409
    told = operator("GET", f"/api/v1/alerts/{alert['id']}").json
    assert [each["kind"] for each in told["timeline"]] == ["firing", "acknowledged", "resolved"]
    assert [each["by"] for each in told["timeline"]] == ["engine", "operator@example.org", "operator@example.org"]
    assert manager("GET", "/api/v1/alerts?state=resolved").json["items"][0]["resolved_by"] == "operator@example.org"
    with transaction(mc.engine) as connection:
        asked = "select action from audit_log where object_kind = 'alert' order by 1"
        assert connection.scalars(text(asked)).all() == ["alert.acknowledge", "alert.resolve"]


def test_lists_are_paged_and_narrowed(mc: Services, manager: Caller) -> None:
    fired(mc, manager)
    for tick in range(1, 4):
        with transaction(mc.engine) as connection:
            connection.execute(text("update crawl_jobs set status = 'cancelled' where status = 'queued'"))
        evaluation.evaluate(mc, NOW + timedelta(seconds=10 * tick))
        submit(mc, 2 + tick)
        evaluation.evaluate(mc, NOW + timedelta(seconds=10 * tick + 5))
    seen, cursor = [], None
    while True:
        more = f"&cursor={cursor}" if cursor else ""
        found = manager("GET", f"/api/v1/alerts?rule=Deep&limit=3{more}").json
        seen += [each["id"] for each in found["items"]]
        cursor = found["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 4
    assert seen == sorted(seen, reverse=True)
    assert len(manager("GET", "/api/v1/alerts?rule=Deep&open=true").json["items"]) == 1
    assert manager("GET", "/api/v1/alerts?severity=info&rule=Deep").json["items"] == []


def test_the_usual_file_is_saved_as_it_is_as_yaml_and_comes_back(manager: Caller) -> None:
    saved = manager("PUT", "/api/v1/alert-rules", data=SEED, headers=YAML)
    assert saved.status_code == 200, saved.json
    assert saved.json["version"] == 1
    mine = [rule["name"] for rule in saved.json["rules"] if not rule["shipped"]]
    assert mine == ["High Error Rate", "System Resource High"]
    assert any(rule["name"] == "Satellite unresponsive" and rule["shipped"] for rule in saved.json["rules"])
    document = manager("GET", "/api/v1/alert-rules", headers={"Accept": "application/yaml"})
    assert (document.mimetype, document.headers["ETag"]) == ("application/yaml", '"1"')
    again = manager("PUT", "/api/v1/alert-rules", data=document.get_data(), headers=YAML)
    names = {rule["name"] for rule in saved.json["rules"]}
    assert {rule["name"] for rule in again.json["rules"]} == names
    as_json = manager("GET", "/api/v1/alert-rules").json
    third = manager("PUT", "/api/v1/alert-rules", json={"rules": as_json["rules"], "version": as_json["version"]})
    assert {rule["name"] for rule in third.json["rules"]} == names


def test_two_editors_at_once_notice_each_other(manager: Caller) -> None:
    first = manager("PUT", "/api/v1/alert-rules", json={"rules": [DEEP], "version": 0})
    assert first.headers["ETag"] == '"1"'
    late = manager("PUT", "/api/v1/alert-rules", json={"rules": [], "version": 0})
    assert late.status_code == 409
    assert "manager@example.org" in late.json["detail"]
    late = manager("PUT", "/api/v1/alert-rules", data=SEED, headers=YAML | {"If-Match": '"0"'})
    assert late.status_code == 409
    assert manager("PUT", "/api/v1/alert-rules", data=SEED, headers=YAML | {"If-Match": '"1"'}).status_code == 200


def test_only_one_of_two_saves_at_the_same_moment_stands(
    manager: Caller, mc: Services, server: Flask, together: Callable[..., list[Any]]
) -> None:
    other = person(mc, server, "admin")
    body = {"rules": [DEEP], "version": 0}
    answers = together(*(lambda who=who: who("PUT", "/api/v1/alert-rules", json=body) for who in (manager, other)))
    assert sorted(each.status_code for each in answers) == [200, 409]


@pytest.mark.parametrize(
    ("body", "loc", "words"),
    [
        ({"rules": [DEEP | {"condition": "nothing > 1"}]}, ["rules", 0, "condition"], "there is no signal nothing"),
        ({"rules": [DEEP | {"colour": "red"}]}, ["rules", 0, "colour"], "Extra inputs"),
        ({"rules": [DEEP, DEEP]}, ["rules", 1, "name"], "another rule"),
        ({"rules": [DEEP | {"condition": "x" * 1_000_000}]}, ["rules", 0, "condition"], "longer than 4,096"),
        ({"rules": "all"}, ["rules"], "must be a list"),
        ({"rules": [], "version": "one"}, ["version"], "must be the number"),
        ({"document": "rules: ["}, ["document"], "no YAML"),
        ({"document": "rules: \x00"}, ["document"], "no YAML"),
    ],
)
def test_bad_rules_are_refused_whole_and_the_last_good_ones_go_on(
    manager: Caller, body: dict[str, Any], loc: list[Any], words: str
) -> None:
    manager("PUT", "/api/v1/alert-rules", json={"rules": [DEEP]})
    refused = manager("PUT", "/api/v1/alert-rules", json=body)
    assert refused.status_code == 422, refused.json
    assert refused.json["errors"][0]["loc"] == loc
    assert words in refused.json["errors"][0]["msg"]
    kept = manager("GET", "/api/v1/alert-rules").json
    assert (kept["version"], kept["rules"][0]["name"]) == (1, "Deep")


def test_odd_bodies_are_told_what_they_are(manager: Caller) -> None:
    for data, headers in ((b"\xff\xfe", YAML), (b"{", {"Content-Type": "application/json"}), (b"[]", None)):
        sent = headers or {"Content-Type": "application/json"}
        assert manager("PUT", "/api/v1/alert-rules", data=data, headers=sent).status_code == 400
    assert manager("POST", "/api/v1/alerts/99999/ack").status_code == 404
    assert manager("GET", "/api/v1/alerts/99999999999999999999999").status_code in (404, 422)
    assert manager("GET", "/api/v1/alerts?state=odd").status_code == 422
    assert manager("GET", "/api/v1/alerts?cursor=odd").status_code == 422


def test_who_may_what(mc: Services, server: Flask, manager: Caller) -> None:
    alert = fired(mc, manager)
    viewer, reading = person(mc, server, "viewer"), program(mc, server, "read")
    operator = person(mc, server, "operator")
    for caller in (viewer, reading):
        assert caller("GET", "/api/v1/alerts").status_code == 200
        assert caller("POST", f"/api/v1/alerts/{alert['id']}/ack").status_code == 403
        assert caller("POST", f"/api/v1/alerts/{alert['id']}/resolve").status_code == 403
    for caller in (viewer, reading, operator):
        assert caller("PUT", "/api/v1/alert-rules", json={"rules": []}).status_code == 403
    assert program(mc, server, "operate")("POST", f"/api/v1/alerts/{alert['id']}/ack").status_code == 200
    assert program(mc, server, "ingest")("GET", "/api/v1/alerts").status_code == 403


def test_rules_are_tried_on_samples_and_nothing_is_stored(manager: Caller) -> None:
    body = {
        "rules": [{"name": "Hot", "condition": "avg(cpu_usage, 2m) > 80", "for": "1m", "severity": "warning"}],
        "samples": {'cpu_usage{host="a"}': [10, 90, 90, 90, 90, None, 10, 10, 10]},
        "interval": "1m",
    }
    tried = manager("POST", "/api/v1/alert-rules/test", json=body)
    assert tried.status_code == 200, tried.json
    assert [(each["was"], each["now"]) for each in tried.json["transitions"]] == [
        ("inactive", "pending"),
        ("pending", "firing"),
        ("firing", "resolved"),
    ]
    assert tried.json["fired"] == 1
    assert manager("GET", "/api/v1/alerts").json["items"] == []
    assert manager("GET", "/api/v1/alert-rules").json["version"] == 0
    for wrong, words in (
        ({"samples": {"nothing": [1]}}, "there is no signal"),
        ({"samples": {"cpu_usage": ["hot"]}}, "must be a number"),
        ({"samples": {'cpu_usage{host=~"a"}': [1]}}, "must be set by ="),
        ({"samples": {"cpu_usage": [1] * 200_000}}, "hold more than"),
        ({"rules": [{"name": "x"}]}, "Field required"),
        ({"days": 90}, "less than or equal"),
    ):
        refused = manager("POST", "/api/v1/alert-rules/test", json=wrong)
        assert refused.status_code == 422, wrong
        assert words in str(refused.json["errors"]), refused.json


def test_rules_are_tried_on_what_was_kept_of_the_last_days(mc: Services, manager: Caller) -> None:
    with transaction(mc.engine) as connection:
        series = connection.scalar(
            text("""insert into alert_series (signal, key, labels, at) values
                    ('queue_depth', '{job_queue}', '{"queue": "job_queue"}', now()) returning series_id""")
        )
        connection.execute(
            text("""insert into alert_samples (series_id, at, value)
                    select :series, now() - n * interval '1 minute', case when n / 60 in (20, 70, 110) then 9 else 0 end
                    from generate_series(1, 10000) n"""),
            {"series": series},
        )
    tried = manager("POST", "/api/v1/alert-rules/test", json={"rules": [DEEP]})
    assert (tried.status_code, tried.json["fired"]) == (200, 3)
    assert all(each["to"] for each in tried.json["periods"])


def test_signals_are_listed_with_those_that_are_still_to_come(manager: Caller) -> None:
    found = {each["name"]: each for each in manager("GET", "/api/v1/alert-signals").json["items"]}
    assert found["queue_depth"]["known"]
    assert found["queue_depth"]["labels"] == ["queue"]
    assert not found["workflow_failed"]["known"]


def test_a_rule_whose_signal_is_still_to_come_says_so(mc: Services, manager: Caller) -> None:
    manager("PUT", "/api/v1/alert-rules", data=SEED, headers=YAML)
    evaluation.evaluate(mc, NOW)
    notes = {rule["name"]: rule["note"] for rule in manager("GET", "/api/v1/alert-rules").json["rules"]}
    assert notes["System Resource High"] == "no data yet: cpu_usage, memory_usage"
    assert notes["Failed missions"] is None
