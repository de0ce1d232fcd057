"""Channels, silences, windows and escalations through the door that programs and people use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from data.alerts.delivery import outbox
from data.alerts.delivery.relay import Relay
from data.db import transaction
from tests.callers import Caller, person, program
from tests.integration.delivery.conftest import alert
from tests.receivers import Receiver, Said, receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from data.services import Services

QUEUE = [{"name": "queue", "value": "jobs"}]


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


@pytest.fixture
def admin(mc: Services, server: Flask) -> Caller:
    return person(mc, server, "admin")


@pytest.fixture
def operator(mc: Services, server: Flask) -> Caller:
    return person(mc, server, "operator")


def fire(mc: Services, *transitions: Any) -> None:
    with transaction(mc.engine) as connection:
        outbox.record(connection, transitions)


def channel(admin: Caller, hook: Receiver, name: str = "ops", **more: Any) -> dict[str, Any]:
    body = {"name": name, "kind": "webhook", "url": hook.url, "allow_private": True, **more}
    answer = admin("POST", "/api/v1/channels", body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def test_a_channel_is_made_tried_changed_and_deleted(admin: Caller, hook: Receiver) -> None:
    made = channel(admin, hook)
    assert made["secret"].startswith("whsec_")
    path = f"/api/v1/channels/{made['id']}"
    tried = admin("POST", f"{path}/test").json
    assert (tried["channel"], tried["state"], tried["error"]) == ("ops", "sent", None)
    assert [each.json["type"] for each in hook.heard] == ["test"]
    changed = admin("PATCH", path, {"name": "night", "secret": "•••", "per_minute": 10})
    assert (changed.json["name"], changed.json["per_minute"], changed.json["secret"]) == ("night", 10, "•••")
    assert admin("POST", f"{path}/test").json["state"] == "sent"  # its secret is still there
    assert admin("DELETE", path).status_code == 204
    assert admin("GET", "/api/v1/channels").json["items"] == []


def test_a_test_that_fails_says_why(admin: Caller, hook: Receiver) -> None:
    made = channel(admin, hook)
    hook.answers = [Said(403, body=b"not for you")]
    answer = admin("POST", f"/api/v1/channels/{made['id']}/test").json
    assert (answer["state"], answer["error"]) == ("failed", "HTTP 403: not for you")
    hook.answers = [Said(503, body=b"later")]
    assert admin("POST", f"/api/v1/channels/{made['id']}/test").json["error"] == "HTTP 503: later"


def test_no_secret_is_ever_shown_again(admin: Caller, mc: Services, server: Flask, hook: Receiver) -> None:
    secret = channel(admin, hook)["secret"]
    number = {"from": "+15005550006", "to": "+4915112345678"}
    for body in (
        {"name": "a", "kind": "slack", "url": f"{hook.url}/services/SECRET"},
        {"name": "b", "kind": "slack", "token": "xoxb-SECRET", "channel": "#ops"},
        {"name": "c", "kind": "telegram", "token": "SECRET", "chat_id": "1"},
        {"name": "d", "kind": "sms", "account_sid": "AC1", "auth_token": "SECRET", **number},
        {"name": "e", "kind": "email", "url": "smtp://me:SECRET@mail.example.org:587", "to": "a@example.org"},
    ):
        answer = admin("POST", "/api/v1/channels", body)
        assert answer.status_code == 201, answer.text
        assert "SECRET" not in answer.text
    for caller in (admin, person(mc, server, "viewer"), program(mc, server, "admin")):
        shown = caller("GET", "/api/v1/channels").text
        assert "SECRET" not in shown
        assert secret not in shown
    assert "SECRET" not in admin("GET", "/api/v1/audit").text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x", "kind": "pigeon"}, "kind"),
        ({"name": "x", "kind": "webhook"}, "url"),
        ({"name": "x", "kind": "webhook", "url": "ftp://example.org"}, "url"),
        ({"name": "x", "kind": "webhook", "url": "https://example.org", "secret": "short"}, "secret"),
        ({"name": "x", "kind": "webhook", "url": "https://example.org", "colour": "red"}, "colour"),
        ({"name": "x", "kind": "slack", "token": "xoxb"}, "token and channel"),
        ({"name": "x", "kind": "email", "to": "nobody"}, "to"),
        ({"name": "x", "kind": "email", "to": "a@example.org\nBcc: b@example.org"}, "to"),
        ({"name": "x", "kind": "email", "to": "a@example.org", "url": "https://example.org"}, "url"),
        ({"name": "x", "kind": "sms", "account_sid": "AC1", "auth_token": "t", "from": "+49", "to": "1"}, "to"),
        ({"name": "x", "kind": "webhook", "url": "https://example.org", "fallback": "nobody"}, "fallback"),
        ({"name": "x", "kind": "webhook", "url": "https://example.org", "per_minute": 0}, "per_minute"),
        ({"name": " ", "kind": "webhook", "url": "https://example.org"}, "name"),
        (
            {
                "name": "x",
                "kind": "webhook",
                "url": "https://example.org",
                "quiet_hours": {"start": "22:00", "end": "06:00", "zone": "Mars/Base"},
            },
            "zone",
        ),
    ],
)
def test_a_channel_that_would_not_work_is_refused_by_its_field(admin: Caller, body: Any, field: str) -> None:
    answer = admin("POST", "/api/v1/channels", body)
    assert answer.status_code == 422, answer.text
    assert field in answer.text


def test_a_secret_that_we_made_is_not_repeated_with_its_answer(admin: Caller, hook: Receiver) -> None:
    body = {"name": "ops", "kind": "webhook", "url": hook.url}
    first, again = (admin("POST", "/api/v1/channels", body, headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert first.json["secret"].startswith("whsec_")
    assert (again.status_code, again.json["secret"]) == (201, None)


def test_two_channels_of_one_name_and_a_channel_that_is_not_there(admin: Caller, hook: Receiver) -> None:
    channel(admin, hook)
    assert admin("POST", "/api/v1/channels", {"name": "ops", "kind": "webhook", "url": hook.url}).status_code == 409
    for method, path in (("PATCH", "/7"), ("DELETE", "/7"), ("POST", "/7/test")):
        assert admin(method, f"/api/v1/channels{path}", {}).status_code == 404
    assert admin("DELETE", f"/api/v1/channels/{10**30}").status_code == 422


@pytest.mark.parametrize(
    ("role", "path", "allowed"),
    [
        ("manager", "/api/v1/channels", False),
        ("viewer", "/api/v1/silences", False),
        ("operator", "/api/v1/silences", True),
        ("operator", "/api/v1/escalations", False),
        ("manager", "/api/v1/escalations", True),
    ],
)
def test_who_may_do_what(mc: Services, server: Flask, role: str, path: str, allowed: bool) -> None:  # noqa: FBT001 — a column of the table
    caller = person(mc, server, role)
    assert caller("GET", path).status_code == 200
    method = "PUT" if path.endswith("escalations") else "POST"
    assert (caller(method, path, {}).status_code != 403) == allowed


def test_a_silence_is_previewed_set_listed_and_ended(
    admin: Caller, operator: Caller, mc: Services, hook: Receiver
) -> None:
    channel(admin, hook)
    fire(mc, alert(1), alert(2, labels={"queue": "mail"}))
    preview = operator("POST", "/api/v1/silences/preview", {"matchers": QUEUE}).json
    assert (preview["now_count"], preview["week_count"], preview["now"][0]["alert_id"]) == (1, 1, 1)
    made = operator("POST", "/api/v1/silences", {"matchers": QUEUE, "reason": "an upgrade", "minutes": 30})
    assert made.status_code == 201, made.text
    Relay.of(mc).run()
    assert [line["alert_id"] for each in hook.heard for line in each.json["data"]["alerts"]] == [2]
    assert [each["id"] for each in operator("GET", "/api/v1/silences").json["items"]] == [made.json["id"]]
    assert operator("DELETE", f"/api/v1/silences/{made.json['id']}").status_code == 204
    Relay.of(mc).run()
    assert [line["alert_id"] for each in hook.heard for line in each.json["data"]["alerts"]] == [2, 1]
    assert operator("DELETE", f"/api/v1/silences/{made.json['id']}").status_code == 409
    assert operator("GET", "/api/v1/silences").json["items"] == []
    assert operator("GET", "/api/v1/silences?ended=true").json["items"][0]["state"] == "ended"


def test_an_alert_is_silenced_from_its_row(operator: Caller, mc: Services) -> None:
    fire(mc, alert(1))
    made = operator("POST", "/api/v1/alerts/1/silence", {"reason": "known", "minutes": 5}).json
    assert {each["name"]: each["value"] for each in made["matchers"]} == {"rule": "queue_depth_high", "queue": "jobs"}
    [notification] = operator("GET", "/api/v1/alerts/1/notifications").json["items"]
    assert (notification["state"], notification["route_reason"]) == ("queued", "no_channel_yet")
    assert operator("POST", "/api/v1/alerts/9/silence", {"reason": "known", "minutes": 5}).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": None}, "reason"),
        ({"matchers": []}, "matchers"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1e9}, "minutes"),
        ({"minutes": None}, "ends_at"),
        ({"minutes": None, "ends_at": "2020-01-01T00:00:00Z"}, "ends_at"),
        ({"minutes": None, "ends_at": (datetime.now(UTC) + timedelta(days=90)).isoformat()}, "30 days"),
        ({"matchers": [{"name": "queue", "value": "x", "op": "=~"}]}, "op"),
        ({"matchers": [{"name": "queue", "value": "\x00"}]}, "value"),
    ],
)
def test_a_silence_that_is_none_is_refused_by_its_field(operator: Caller, change: Any, field: str) -> None:
    body = {"matchers": QUEUE, "reason": "an upgrade", "minutes": 30} | change
    answer = operator("POST", "/api/v1/silences", body)
    assert answer.status_code in {400, 422}, answer.text
    assert field in answer.text or "NUL" in answer.text or "u0000" in answer.text


def test_windows_are_planned_given_as_a_calendar_and_taken_from_it(operator: Caller) -> None:
    body = {"title": "Sunday upgrade", "matchers": QUEUE, "starts": "2026-11-01T02:00:00", "minutes": 120}
    made = operator(
        "POST", "/api/v1/maintenance-windows", body | {"rrule": "FREQ=WEEKLY;BYDAY=SU", "zone": "Europe/Berlin"}
    )
    assert made.status_code == 201, made.text
    assert len(made.json["coming"]) == 5
    calendar = operator("GET", "/api/v1/maintenance-windows/calendar")
    assert calendar.content_type == "text/calendar; charset=utf-8"
    assert operator("DELETE", f"/api/v1/maintenance-windows/{made.json['id']}").status_code == 204
    again = operator("POST", "/api/v1/maintenance-windows/import", {"calendar": calendar.text, "matchers": QUEUE})
    assert again.status_code == 201, again.text
    [window] = again.json["items"]
    same = ("title", "starts", "minutes", "rrule", "zone", "coming")
    assert [window[name] for name in same] == [made.json[name] for name in same]


@pytest.mark.parametrize(
    "calendar",
    [
        "nonsense",
        "BEGIN:VCALENDAR\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:no start\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261101T020000\nDURATION:PT1H\nRRULE:FREQ=SECONDLY\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261101T020000\nDTEND:20251101T020000\nEND:VEVENT\nEND:VCALENDAR",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:99999999T020000\nDURATION:PT1H\nEND:VEVENT\nEND:VCALENDAR",
    ],
)
def test_a_calendar_that_cannot_be_read_is_refused(operator: Caller, calendar: str) -> None:
    body = {"calendar": calendar, "matchers": QUEUE}
    answer = operator("POST", "/api/v1/maintenance-windows/import", body)
    assert answer.status_code == 422, answer.text
    assert operator("GET", "/api/v1/maintenance-windows").json["items"] == []
