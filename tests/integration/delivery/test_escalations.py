"""Whoever is next is told until somebody takes the alert on; one outcome where both come at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from data.alerts.delivery import commands, escalation, oncall, outbox
from data.alerts.delivery.escalation import Policy
from data.alerts.delivery.oncall import Schedule
from data.alerts.transition import State
from data.db import transaction
from tests.integration.delivery.conftest import alert

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tests.integration.delivery.conftest import House
    from tests.receivers import Receiver


def policy(**more: object) -> Policy:
    steps = [
        {"after_minutes": 5, "targets": [{"kind": "channel", "name": "second"}]},
        {
            "after_minutes": 10,
            "targets": [{"kind": "schedule", "name": "primary"}, {"kind": "channel", "name": "second"}],
        },
    ]
    return Policy.model_validate({"name": "pages", "steps": steps, **more})


@pytest.fixture
def ready(house: House, hook: Receiver, other: Receiver) -> House:
    house.channel("ops", url=hook.url)
    house.channel("second", url=other.url, usual=False)
    schedule = {"name": "primary", "people": [{"name": "Ada", "channel": "ops"}]}
    house.do(escalation.replace_policies, [policy()])
    house.do(oncall.replace_schedules, [Schedule.model_validate(schedule)])
    return house


def step(house: House) -> int:
    taken: int = house.do(commands.escalate, house.now())
    house.relay()
    return taken


def test_each_step_is_taken_in_its_time_and_once(ready: House, hook: Receiver, other: Receiver) -> None:
    ready.record(alert(1, escalation="pages"))
    ready.relay()
    assert step(ready) == 0
    ready.later(minutes=5, seconds=1)
    assert step(ready) == 1
    assert step(ready) == 0
    assert (len(hook.heard), len(other.heard)) == (1, 1)
    assert "step 1 of pages" in other.heard[0].json["data"]["title"]
    ready.later(minutes=10)
    assert step(ready) == 1
    assert (len(hook.heard), len(other.heard)) == (2, 2)
    assert "Ada, on call in primary" in hook.heard[1].json["data"]["title"]
    ready.later(hours=5)
    assert step(ready) == 0
    [row] = ready.run("select ended_because from alert_escalations")
    assert row.ended_because == "everybody was told"


def test_an_acknowledgement_stops_it_and_the_end_is_told_to_all_who_heard(
    ready: House, hook: Receiver, other: Receiver
) -> None:
    ready.record(alert(1, escalation="pages"))
    ready.later(minutes=5, seconds=1)
    step(ready)
    assert ready.do(outbox.acknowledge, 1, "Ada")
    assert not ready.do(outbox.acknowledge, 1, "Bo")  # the first one stands
    ready.later(minutes=30)
    assert step(ready) == 0
    ready.record(alert(1, State.RESOLVED, escalation="pages"))
    ready.relay()
    assert hook.alerts[-1][1] == other.alerts[-1][1] == "resolved"


def test_an_alert_that_is_over_escalates_no_further(ready: House, other: Receiver) -> None:
    ready.record(alert(1, escalation="pages"))
    ready.record(alert(1, State.RESOLVED, escalation="pages"))
    ready.later(minutes=6)
    assert step(ready) == 0
    assert other.heard == []


def test_an_edited_policy_changes_none_that_is_under_way(ready: House, other: Receiver) -> None:
    ready.record(alert(1, escalation="pages"))
    ready.do(escalation.replace_policies, [])
    ready.later(minutes=5, seconds=1)
    assert step(ready) == 1
    assert len(other.heard) == 1


def test_rounds_are_repeated_as_often_as_it_says(ready: House) -> None:
    ready.do(escalation.replace_policies, [policy(repeat=2)])
    ready.record(alert(1, escalation="pages"))
    taken = 0
    for _ in range(12):
        ready.later(minutes=11)
        taken += step(ready)
    assert taken == 6


def test_an_acknowledgement_holds_for_what_comes_again_a_moment_later(ready: House) -> None:
    same = {"escalation": "pages", "fingerprint": "same", "group": "same"}
    ready.record(alert(1, **same))
    ready.do(outbox.acknowledge, 1, "Ada")
    ready.record(alert(1, State.RESOLVED, **same))
    ready.record(alert(2, **same))
    ready.later(minutes=6)
    assert step(ready) == 0
    rows = ready.run("select ended_because from alert_escalations order by alert_id")
    assert [row[0] for row in rows] == ["acknowledged by Ada"] * 2


def test_a_policy_that_is_not_there_is_found_and_the_alert_is_told_all_the_same(ready: House, hook: Receiver) -> None:
    ready.record(alert(1, escalation="no such"))
    ready.relay()
    assert len(hook.heard) == 1
    [row] = ready.run("select kind, detail from alert_findings")
    assert "no such" in row.detail


def test_a_step_and_an_acknowledgement_in_the_same_moment_have_one_outcome(
    ready: House, together: Callable[..., list[Any]]
) -> None:
    """Forty times: either the step came first and was told, or the acknowledgement did and nothing is told after it."""
    for number in range(1, 41):
        ready.record(alert(number, escalation="pages"))
    ready.later(minutes=5, seconds=1)

    def acknowledge() -> set[int]:
        done = set()
        for number in range(1, 41):
            with transaction(ready.mc.engine) as connection:
                if outbox.acknowledge(connection, number, "Ada"):
                    done.add(number)
        return done

    def take() -> int:
        taken = 0
        for _ in range(10):
            with transaction(ready.mc.engine) as connection:
                taken += commands.escalate(connection, ready.now())
        return taken

    _, _, done = together(take, take, acknowledge)
    assert done == set(range(1, 41))
    rows = ready.run("select alert_id, step, ended_because from alert_escalations")
    told = [row[0] for row in ready.run("select alert_id from alert_notifications where kind = 'escalated'")]
    assert sorted(told) == sorted(row.alert_id for row in rows if row.step == 1)  # one for each step that was taken
    assert {row.ended_because for row in rows} == {"acknowledged by Ada"}
    ready.later(hours=2)
    assert step(ready) == 0
