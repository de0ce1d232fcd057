"""What is held back, until when, and what is told all the same: whoever heard of an alert hears its end."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import orjson
import pytest

from data.alerts.delivery import commands, silences
from data.alerts.transition import State
from data.permissions import SYSTEM
from tests.integration.delivery.conftest import alert
from tests.receivers import Said

if TYPE_CHECKING:
    from tests.integration.delivery.conftest import House
    from tests.receivers import Receiver

MUTES = ("silence", "maintenance", "dependency", "inhibit", "quiet_hours")


def mute(house: House, kind: str) -> None:
    """Hold back alerts of the queue, in one of the ways that there are."""
    rule = orjson.dumps([{"name": "rule", "value": "queue_depth_high", "op": "="}]).decode()
    if kind == "silence":
        house.silence(rule="queue_depth_high")
    elif kind == "maintenance":
        house.run(
            """insert into alert_maintenance (title, matchers, starts, minutes, zone, created_by)
               values ('upgrade', cast(:rule as jsonb), :starts, 120, 'UTC', 'tests')""",
            rule=rule,
            starts=house.now().replace(tzinfo=None) - timedelta(minutes=5),
        )
    elif kind == "quiet_hours":
        start, end = ((house.now() + timedelta(hours=hours)).strftime("%H:%M:%S") for hours in (-1, 1))
        quiet = orjson.dumps({"start": start, "end": end, "zone": "UTC"}).decode()
        house.run("update alert_channels set quiet = cast(:quiet as jsonb)", quiet=quiet)
    else:
        source = orjson.dumps([{"name": "rule", "value": "database_down", "op": "="}]).decode()
        house.run(
            """insert into alert_dependencies (name, kind, source, target, equal)
               values ('cause', :kind, cast(:source as jsonb), cast(:rule as jsonb), '{}')""",
            kind=kind,
            source=source,
            rule=rule,
        )
        house.record(alert(900, rule="database_down", fingerprint="db", group="db", severity="warning"))
        house.later(seconds=3)
        house.relay()


def end(house: House, kind: str) -> None:
    if kind in {"dependency", "inhibit"}:
        gone = alert(900, State.RESOLVED, rule="database_down", fingerprint="db", group="db", severity="warning")
        house.record(gone)
        house.later(seconds=20)
    else:
        house.later(hours=2.5)


def told(hook: Receiver) -> list[str]:
    return [state for rule, state in hook.alerts if rule == "queue_depth_high"]


@pytest.mark.parametrize("kind", MUTES)
def test_what_still_fires_when_a_mute_ends_is_told_then(house: House, hook: Receiver, kind: str) -> None:
    house.channel("ops", url=hook.url)
    mute(house, kind)
    house.record(alert(1, severity="warning"))
    house.later(seconds=3)
    house.relay()
    assert told(hook) == []
    end(house, kind)
    house.relay()
    assert told(hook) == ["firing"]
    lines = [line for each in hook.heard for line in each.json["data"]["alerts"]]
    assert ["fires still" in line["note"] for line in lines if line["rule"] == "queue_depth_high"] == [True]


@pytest.mark.parametrize("kind", MUTES)
def test_what_was_announced_before_a_mute_is_closed_during_it(house: House, hook: Receiver, kind: str) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1, severity="warning"))
    house.later(seconds=3)
    house.relay()
    mute(house, kind)
    house.record(alert(1, State.RESOLVED, severity="warning"))
    house.later(seconds=3)
    house.relay()
    assert told(hook) == ["firing", "resolved"]


@pytest.mark.parametrize("kind", MUTES)
def test_what_began_and_ended_within_a_mute_is_told_to_nobody_and_kept(house: House, hook: Receiver, kind: str) -> None:
    house.channel("ops", url=hook.url)
    mute(house, kind)
    house.record(alert(1, severity="warning"))
    house.later(seconds=3)
    house.relay()
    house.record(alert(1, State.RESOLVED, severity="warning"))
    house.later(seconds=3)
    house.relay()
    end(house, kind)
    house.relay()
    assert told(hook) == []
    lease_ = house.run("select state, reason from alert_notifications where rule = 'queue_depth_high' order by 1, 2")
    assert {row.state for row in lease_} == {"muted"}
    assert "never_announced" in {row.reason for row in lease_}


def test_a_silence_that_is_ended_by_hand_lets_go_what_it_held_at_once(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    silence = house.silence(queue="jobs")
    house.record(alert(1))
    house.relay()
    house.do(silences.end_silence, SYSTEM, silence)
    house.later(seconds=1)
    house.relay()
    assert told(hook) == ["firing"]


def test_a_silence_means_its_labels_and_no_others(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.silence(queue="jo*", severity="critical")
    house.record(alert(1), alert(2, labels={"queue": "mail"}), alert(3, severity="warning"))
    house.later(seconds=3)
    house.relay()
    assert {line["alert_id"] for each in hook.heard for line in each.json["data"]["alerts"]} == {2, 3}


def test_a_silence_that_ends_soon_while_something_fires_is_announced_once(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.silence(minutes=14, queue="jobs")
    house.silence(minutes=14, queue="nothing of this name")
    house.silence(minutes=60, queue="jobs")
    house.record(alert(1))
    assert house.do(commands.remind_of_silences, house.now()) == 1
    assert house.do(commands.remind_of_silences, house.now()) == 0
    house.relay()
    [heard] = hook.heard
    assert "1 of its alerts still fire" in heard.json["data"]["title"]


def test_one_cause_explains_what_has_its_labels(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.run(
        """insert into alert_dependencies (name, kind, source, target, equal) values
           ('cause', 'dependency', '[{"name": "rule", "value": "satellite_down"}]',
            '[{"name": "rule", "value": "mission_*"}]', '{satellite}')"""
    )
    house.record(
        alert(1, rule="satellite_down", labels={"satellite": "a"}),
        alert(2, rule="mission_late", labels={"satellite": "a"}),
        alert(3, rule="mission_late", labels={"satellite": "b"}),
    )
    house.relay()
    assert {line["alert_id"] for each in hook.heard for line in each.json["data"]["alerts"]} == {1, 3}
    assert ("firing", "held", "explained") in house.reasons()


def test_an_end_that_comes_while_the_beginning_is_on_its_way_follows_it(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    hook.answers = [Said(500), Said(200)]
    house.record(alert(1))
    house.relay()
    house.record(alert(1, State.RESOLVED))
    house.relay()
    for _ in range(3):
        house.later(seconds=5)
        house.relay()
    assert told(hook) == ["firing", "firing", "resolved"]  # the first was refused


def test_every_stage_that_a_row_passed_stands_on_it_with_its_reason(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1))
    house.relay()
    [row] = house.run("select stages from alert_notifications")
    assert row.stages == [
        ["route", "usual_channel"],
        ["group", "group_complete"],
        ["dependency", "not_explained"],
        ["inhibit", "not_inhibited"],
        ["silence", "not_silenced"],
        ["maintenance", "not_in_maintenance"],
        ["quiet_hours", "no_quiet_hours"],
        ["flap", "not_flapping"],
        ["storm", "within_the_minute"],
        ["dedupe", "first"],
    ]
