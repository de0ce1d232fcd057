"""What slipped through all the same is found by somebody who sends nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.alerts.delivery import auditor
from data.alerts.transition import State
from tests.integration.delivery.conftest import alert

if TYPE_CHECKING:
    from tests.integration.delivery.conftest import House
    from tests.receivers import Receiver


def test_the_auditor_finds_an_alert_that_nobody_was_told_of(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1))
    house.run("delete from alert_notifications")
    house.later(seconds=40)
    assert house.do(auditor.audit_delivery, house.now())["unannounced"] == 1
    house.relay()
    assert hook.alerts == [("queue_depth_high", "firing")]
    assert house.do(auditor.audit_delivery, house.now())["unannounced"] == 0


def test_the_auditor_finds_an_end_that_was_not_told(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1))
    house.relay()
    house.record(alert(1, State.RESOLVED))
    house.run("delete from alert_notifications where kind = 'resolved'")
    house.later(seconds=40)
    assert house.do(auditor.audit_delivery, house.now())["unended"] == 1
    house.relay()
    assert hook.alerts[1:] == [("queue_depth_high", "resolved")]


def test_the_auditor_names_what_stands_still(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1))
    house.later(seconds=90)
    for _ in range(2):
        house.do(auditor.audit_delivery, house.now())
    [row] = house.run("select kind, subject from alert_findings")
    assert tuple(row) == ("stuck", "ops")
