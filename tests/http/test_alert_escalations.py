"""Escalations, links in messages, dependencies and the auditor through the door that programs and people use."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

from data.alerts.delivery import auditor
from data.alerts.delivery.relay import Relay
from data.alerts.transition import State
from data.db import transaction
from tests.callers import Caller, person
from tests.http.test_alert_delivery import QUEUE, admin, channel, fire, hook
from tests.integration.delivery.conftest import alert

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.receivers import Receiver

__all__ = ["admin", "hook"]  # fixtures

PLANS = {
    "policies": [
        {
            "name": "pages",
            "repeat": 1,
            "steps": [
                {"after_minutes": 0, "targets": [{"kind": "channel", "name": "ops"}]},
                {"after_minutes": 5, "targets": [{"kind": "schedule", "name": "primary"}]},
            ],
        }
    ],
    "schedules": [
        {
            "name": "primary",
            "zone": "Europe/Berlin",
            "people": [{"name": "Ada", "channel": "ops"}, {"name": "Bo", "channel": "ops"}],
            "start": "2026-01-05",
        }
    ],
}


def test_escalations_are_replaced_whole_and_say_who_is_on_call(
    admin: Caller, mc: Services, server: Flask, hook: Receiver
) -> None:
    channel(admin, hook)
    manager = person(mc, server, "manager")
    answer = manager("PUT", "/api/v1/escalations", PLANS)
    assert answer.status_code == 200, answer.text
    [schedule] = manager("GET", "/api/v1/escalations").json["schedules"]
    assert {schedule["now"], schedule["next"]} == {"Ada", "Bo"}
    assert schedule["gaps"] == []
    wrong = {
        "policies": [
            PLANS["policies"][0]
            | {"steps": [{"after_minutes": 1, "targets": [{"kind": "schedule", "name": "nobody"}]}]}
        ]
    }
    refused = manager("PUT", "/api/v1/escalations", wrong)
    assert refused.status_code == 422
    assert "there is no schedule nobody" in refused.text
    assert len(manager("GET", "/api/v1/escalations").json["policies"]) == 1  # what stood there stands


def test_a_link_in_a_message_asks_first_and_works_once(
    admin: Caller, mc: Services, server: Flask, hook: Receiver
) -> None:
    channel(admin, hook)
    with transaction(mc.engine) as connection:
        connection.execute(
            text("""insert into alerts (rule, fingerprint, labels, subject, group_key, severity, state, message,
                      started_at, last_evaluated_at)
                    values ('queue_depth_high', 'print-1', '{}', '{}', 'group-1', 'critical', 'firing', '', now(),
                      now())""")
        )
    fire(mc, alert(1))
    Relay.of(mc).run()
    links = hook.heard[0].json["data"]["links"]
    stranger = Caller(server.test_client(use_cookies=False))
    ack = re.sub(r"^https?://[^/]+", "", links["Acknowledge"])
    for _ in range(2):
        assert "Acknowledge?" in stranger("GET", ack).text  # a scanner opens it as often as it likes
    assert "Acknowledged" in stranger("POST", ack).text
    assert stranger("POST", ack).status_code == 409
    silence = re.sub(r"^https?://[^/]+", "", links["Silence for an hour"])
    assert "Silenced until" in stranger("POST", silence).text
    assert len(admin("GET", "/api/v1/silences").json["items"]) == 1
    for bad in (ack[:-2] + "xx", "/alert-links/x.y", "/alert-links/é", "/alert-links/%00"):
        assert stranger("POST", bad).status_code == 404, bad
    assert "alert.acknowledge" in admin("GET", "/api/v1/audit").text
    assert admin("GET", "/api/v1/alerts/1").json["acknowledged_by"] == "a link in ops"


def test_dependencies_are_edited_and_checked(mc: Services, server: Flask) -> None:
    manager = person(mc, server, "manager")
    one = {
        "name": "satellite",
        "source": [{"name": "rule", "value": "satellite_down"}],
        "target": QUEUE,
        "equal": ["satellite"],
    }
    assert manager("PUT", "/api/v1/alert-dependencies", {"items": [one]}).json["items"][0]["kind"] == "dependency"
    assert manager("PUT", "/api/v1/alert-dependencies", {"items": [one, one]}).status_code == 422


def test_the_auditor_finds_nothing_where_all_went_well(mc: Services, admin: Caller, hook: Receiver) -> None:
    channel(admin, hook)
    fire(mc, alert(1))
    Relay.of(mc).run()
    fire(mc, alert(1, State.RESOLVED))
    Relay.of(mc).run()
    with transaction(mc.engine) as connection:
        found = auditor.audit_delivery(connection, datetime.now(UTC) + timedelta(minutes=5))
    assert set(found.values()) == {0}
