"""Silences, channels and who is on call on the Alerts page, pressed as a person does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from callbacks.alerts.delivery import parse_matchers
from components.alerts import ids
from data.alerts.delivery import outbox
from data.alerts.delivery.relay import Relay
from data.db import transaction
from data.errors import BadInput
from tests.callers import Page, person, shown
from tests.drawn import texts
from tests.integration.delivery.conftest import alert
from tests.receivers import Receiver, receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from data.services import Services
    from tests.callers import Id


VIEW = {"from": "now-7d", "to": "now"}


@pytest.fixture
def hook() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


def page(mc: Services, server: Flask, role: str) -> Page:
    return Page(person(mc, server, role), "alerts")


def fire(mc: Services, *transitions: Any) -> None:
    with transaction(mc.engine) as connection:
        outbox.record(connection, transitions)


def words(answer: Any) -> str:
    return str(shown(answer, ids.TOAST, "data")["words"])


def text(here: Page, place: Id) -> str:
    return " ".join(texts(here.panel(place, VIEW)))


def hand(here: Page, value: str) -> Any:
    return here.press(ids.DELIVERY_HAND, (ids.DELIVERY_HAND, {"value": value, "at": 1}))


def test_a_channel_is_added_tried_and_deleted_on_the_page(mc: Services, server: Flask, hook: Receiver) -> None:
    here = page(mc, server, "admin")
    assert "Nobody is told of alerts" in text(here, ids.CHANNELS)
    fields = f"url: {hook.url}\nallow_private: true\n"
    given = ((ids.CHANNEL_NAME, "ops"), (ids.CHANNEL_KIND, "webhook"), (ids.CHANNEL_FIELDS, fields))
    assert "whsec_" in words(here.press(ids.CHANNEL_ADD, *given))
    assert "ops" in text(here, ids.CHANNELS)
    assert "whsec_" not in text(here, ids.CHANNELS)
    assert words(hand(here, "test 1")) == "The test arrived at ops"
    assert len(hook.heard) == 1
    assert "deleted" in words(hand(here, "delete 1"))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ("url: nonsense", "url"),
        ("- a list", "fields"),
        ("a: [", "YAML"),
        ("", "url"),
        ("a: &a [*a]", "YAML"),
        ("colour: red\nurl: https://example.org", "colour"),
    ],
)
def test_what_is_no_channel_is_refused_below_its_form(mc: Services, server: Flask, fields: str, why: str) -> None:
    here = page(mc, server, "admin")
    given = ((ids.CHANNEL_NAME, "ops"), (ids.CHANNEL_KIND, "webhook"), (ids.CHANNEL_FIELDS, fields))
    answer = here.press(ids.CHANNEL_ADD, *given)
    assert why in shown(answer, ids.CHANNEL_ERROR), answer.text


def test_who_may_not_touch_channels_is_refused_by_the_server(mc: Services, server: Flask) -> None:
    here = page(mc, server, "manager")
    assert hand(here, "test 1").status_code == 403
    assert here.press(ids.CHANNEL_ADD).status_code == 403
    assert page(mc, server, "viewer").press(ids.SILENCE_SET).status_code == 403


def test_a_silence_is_previewed_set_and_ended_on_the_page(mc: Services, server: Flask) -> None:
    here = page(mc, server, "operator")
    fire(mc, alert(1))
    of = (ids.SILENCE_OF, "queue=jo* severity=critical")
    would = shown(here.press(ids.SILENCE_PREVIEW, of), ids.SILENCE_WOULD)
    assert would.startswith("It would mute 1 alerts now")
    assert "reason" in shown(here.press(ids.SILENCE_SET, of, (ids.SILENCE_MINUTES, 5)), ids.SILENCE_ERROR)
    answer = here.press(ids.SILENCE_SET, of, (ids.SILENCE_MINUTES, 5), (ids.SILENCE_REASON, "an upgrade"))
    assert words(answer).startswith("Silenced until")
    assert "an upgrade" in text(here, ids.SILENCES)
    assert "over" in words(hand(here, "unsilence 1"))
    assert "Nothing is silenced" in text(here, ids.SILENCES)


def test_policies_and_schedules_are_written_on_the_page(mc: Services, server: Flask, hook: Receiver) -> None:
    admin = page(mc, server, "admin")
    admin.caller("POST", "/api/v1/channels", {"name": "ops", "kind": "webhook", "url": hook.url, "allow_private": True})
    here = page(mc, server, "manager")
    document = """
      policies: [{name: pages, steps: [{after_minutes: 5, targets: [{kind: schedule, name: primary}]}]}]
      schedules: [{name: primary, people: [{name: Ada, channel: ops}]}]
    """
    assert "saved" in words(here.press(ids.PLANS_SAVE, (ids.PLANS, document)))
    assert "Ada" in text(here, ids.ON_CALL)
    wrong = here.press(ids.PLANS_SAVE, (ids.PLANS, "policies: [{name: pages}]"))
    assert "steps" in shown(wrong, ids.PLANS_ERROR)
    fire(mc, alert(1, escalation="pages"))
    assert "queue_depth_high" in text(here, ids.ON_CALL)


def test_the_timeline_says_who_was_told(mc: Services, server: Flask, hook: Receiver) -> None:
    from sqlalchemy import text as sql

    admin = page(mc, server, "admin")
    admin.caller("POST", "/api/v1/channels", {"name": "ops", "kind": "webhook", "url": hook.url, "allow_private": True})
    with transaction(mc.engine) as connection:
        connection.execute(
            sql("""insert into alerts (rule, fingerprint, labels, subject, group_key, severity, state, message,
                     started_at, fired_at, last_evaluated_at)
                   values ('queue_depth_high', 'print-1', '{}', '{}', 'group-1', 'critical', 'firing', 'too long',
                     now(), now(), now())""")
        )
    fire(mc, alert(1))
    Relay.of(mc).run()
    timeline = text(admin, ids.TIMELINE)
    assert "Told" in timeline
    assert "ops: firing, first" in timeline


@pytest.mark.parametrize("written", ["", "   ", "queue", "queue=jobs nonsense", "=x", None, 7])
def test_what_names_no_alerts_is_refused(written: Any) -> None:
    with pytest.raises(BadInput):
        parse_matchers(written)


def test_matchers_are_read_as_they_are_written() -> None:
    found = parse_matchers('rule=queue_*, severity!=info team="night shift"')
    assert [(each.name, each.op, each.value) for each in found] == [
        ("rule", "=", "queue_*"),
        ("severity", "!=", "info"),
        ("team", "=", "night shift"),
    ]
