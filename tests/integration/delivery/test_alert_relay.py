"""What was written into the outbox arrives: once, in order, over another channel where the first one fails."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import pytest
from standardwebhooks import Webhook

from data.alerts.delivery import leases, outbox
from data.alerts.delivery.relay import Relay
from data.alerts.delivery.transport import POST_S
from data.alerts.transition import State
from tests.integration.delivery.conftest import alert
from tests.receivers import Said

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.integration.delivery.conftest import House
    from tests.receivers import Receiver


def test_what_fires_is_told_and_its_end_is_told(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1))
    assert house.relay() == 1
    house.record(alert(1, State.RESOLVED))
    assert house.relay() == 1
    assert hook.alerts == [("queue_depth_high", "firing"), ("queue_depth_high", "resolved")]
    assert house.reasons() == [("firing", "sent", "first"), ("resolved", "sent", "announced")]


def test_a_foreign_library_accepts_the_signature(house: House, hook: Receiver) -> None:
    secret = house.channel("ops", url=hook.url)["secret"]
    house.record(alert(1))
    house.relay()
    [heard] = hook.heard
    told = Webhook(secret).verify(heard.body, heard.headers)
    assert told["type"] == "alert.firing"
    assert told["data"]["alerts"][0]["labels"] == {"queue": "jobs"}


def test_a_transition_that_is_rolled_back_is_told_to_nobody(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    with house.mc.engine.connect() as connection:
        outbox.record(connection, [alert(1)])
        connection.rollback()
    assert house.relay() == 0
    assert hook.heard == []


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (State.INACTIVE, State.PENDING, 0),
        (State.PENDING, State.INACTIVE, 0),
        (State.PENDING, State.FIRING, 1),
        (State.RECOVERING, State.FIRING, 0),
        (State.FIRING, State.RECOVERING, 0),
        (State.INACTIVE, State.NODATA, 1),
        (State.INACTIVE, State.ERROR, 1),
        (State.FIRING, State.RESOLVED, 0),  # nobody heard of it
    ],
)
def test_which_transitions_are_told(house: House, hook: Receiver, was: State, now: State, told: int) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1, now, was=was))
    house.relay()
    assert len(hook.heard) == told


def test_data_that_comes_back_does_not_tell_of_an_alert_again(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    for was, now in (("pending", "firing"), ("firing", "nodata"), ("nodata", "firing"), ("firing", "resolved")):
        house.record(alert(1, State(now), was=State(was)))
        house.relay()
    assert [state for _, state in hook.alerts] == ["firing", "nodata", "resolved"]
    assert ("firing", "muted", "already_announced") in house.reasons()


def test_a_failure_that_passes_is_tried_again_under_the_same_key(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    hook.answers = [Said(500), Said(503), Said(200)]
    house.record(alert(1))
    for _ in range(3):
        house.relay()
        house.later(seconds=10)
    assert len(hook.heard) == 3
    assert len(set(hook.keys)) == 1
    assert house.reasons() == [("firing", "sent", "first")]


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_nothing_is_sent_before_the_receiver_said(house: House, hook: Receiver, form: str) -> None:
    until = datetime.now(UTC) + timedelta(seconds=30)
    said = "30" if form == "seconds" else format_datetime(until, usegmt=True)
    house.channel("ops", url=hook.url)
    hook.answers = [Said(429, headers={"Retry-After": said}), Said(200)]
    house.record(alert(1))
    house.relay()
    house.record(alert(2))
    house.later(seconds=25)
    house.relay()
    assert len(hook.heard) == 1
    house.later(seconds=10)
    house.relay()
    assert len(hook.heard) == 3


@pytest.mark.parametrize("status", [400, 404, 301])
def test_a_failure_for_good_goes_over_the_fallback_at_once(
    house: House, hook: Receiver, other: Receiver, status: int
) -> None:
    house.channel("backup", url=other.url, usual=False)
    house.channel("ops", url=hook.url, fallback="backup")
    hook.answers = [Said(status, headers={"Location": other.url})]
    house.record(alert(1))
    house.relay()
    assert (len(hook.heard), len(other.heard)) == (1, 1)
    assert other.alerts == [("queue_depth_high", "firing")]
    assert house.reasons("ops")[0][1] == "failed"
    house.record(alert(1, State.RESOLVED))
    house.relay()
    assert other.alerts[1:] == [("queue_depth_high", "resolved")]  # who heard of it hears its end
    assert len(hook.heard) == 1  # who did not hear of it does not


def test_what_does_not_arrive_within_a_minute_goes_over_the_fallback_as_well(
    house: House, hook: Receiver, other: Receiver
) -> None:
    house.channel("backup", url=other.url, usual=False)
    house.channel("ops", url=hook.url, fallback="backup")
    hook.answers = [Said(500)]
    house.record(alert(1))
    house.relay()
    house.later(seconds=30)
    house.relay()
    assert other.heard == []
    house.later(seconds=31)
    house.relay()
    assert other.alerts == [("queue_depth_high", "firing")]


def test_a_channel_that_is_gone_is_closed_and_another_one_says_so(
    house: House, hook: Receiver, other: Receiver
) -> None:
    house.channel("ops", url=hook.url)
    house.channel("second", url=other.url)
    hook.answers = [Said(410)]
    house.record(alert(1))
    house.relay()
    house.later(seconds=5)
    house.relay()
    [row] = house.run("select enabled, disabled_because from alert_channels where name = 'ops'")
    assert tuple(row) == (False, "HTTP 410: ok")
    assert any("The channel ops is closed" in each.json["data"]["title"] for each in other.heard)
    house.record(alert(2))
    house.relay()
    assert len(hook.heard) == 1


def test_five_failures_for_good_close_a_channel(house: House, hook: Receiver, other: Receiver) -> None:
    house.channel("second", url=other.url, usual=False, per_minute=60)
    house.channel("ops", url=hook.url, fallback="second", per_minute=60)
    hook.answers = [Said(400)]
    for number in range(6):
        house.record(alert(number))
        house.relay()
    assert len(hook.heard) == 5
    told = [line["alert_id"] for each in other.heard for line in each.json["data"]["alerts"]]
    assert set(told) - {None} == set(range(6))


def test_what_waits_for_a_channel_that_is_deleted_goes_over_another(house: House, hook: Receiver) -> None:
    house.record(alert(1))  # there is no channel at all yet
    assert house.relay() == 0
    house.channel("ops", url=hook.url)
    house.relay()
    assert hook.alerts == [("queue_depth_high", "firing")]


def test_a_rule_that_names_channels_that_are_not_there_is_told_over_the_usual_ones(
    house: House, hook: Receiver
) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1, channels=("pager",)))
    house.relay()
    [row] = house.run("select channel, route_reason from alert_notifications")
    assert tuple(row) == ("ops", "no_channel_that_the_rule_names")
    assert len(hook.heard) == 1


def test_a_hung_receiver_holds_no_other_one_back(house: House, hook: Receiver, other: Receiver) -> None:
    house.channel("slow", url=hook.url)
    house.channel("quick", url=other.url)
    hook.answers = [Said(wait_s=POST_S + 3)]
    hook.on_heard = lambda _: house.record(alert(2, channels=("quick",)))  # while it hangs
    house.record(alert(1))
    house.relay()
    assert len(other.heard) == 2
    assert other.heard[1].at - hook.heard[0].at < 2
    [row] = house.run("select state, error from alert_messages where channel = 'slow'")
    assert tuple(row) == ("ready", "no answer within 10 s")


def test_an_answer_that_drips_or_never_ends_counts_by_its_status(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    hook.answers = [Said(body=b"x" * 5_000_000), Said(body=b"x" * 400, drip_s=0.1)]
    house.record(alert(1))
    house.relay()
    house.record(alert(2))
    house.relay()
    assert [state for _, state, _ in house.reasons()] == ["sent", "sent"]


def test_a_private_address_is_refused_unless_that_was_allowed(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url, allow_private=False)
    house.record(alert(1))
    house.relay()
    assert hook.heard == []
    [row] = house.run("select state, error from alert_messages")
    assert tuple(row) == ("failed", "127.0.0.1 is on our own network")


def test_two_relays_at_once_send_one_message(house: House, hook: Receiver, together: object) -> None:
    house.channel("ops", url=hook.url)
    hook.answers = [Said(wait_s=0.5)]
    for number in range(3):
        house.record(alert(number, group="one"))
    together(*[house.relay] * 4)  # type: ignore[operator]
    assert len(hook.heard) == 1
    assert len(hook.alerts) == 3


def test_what_waits_for_the_only_channel_waits_until_it_is_opened_again(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    hook.answers = [Said(500), Said(200)]
    house.record(alert(1))
    house.relay()
    house.run("update alert_channels set enabled = false")
    house.record(alert(2))
    house.later(minutes=10)
    house.relay()
    assert len(hook.heard) == 1
    house.run("update alert_channels set enabled = true")
    house.relay()
    assert [rule for rule, _ in hook.alerts] == ["queue_depth_high"] * 3
    assert {state for _, state, _ in house.reasons()} == {"sent"}


def test_a_relay_that_stays_tells_what_comes_and_survives_whatever_happens(
    house: House, hook: Receiver, eventually: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.channel("ops", url=hook.url)
    relay, broken = Relay.of(house.mc), [True]
    acquire = leases.acquire

    def sometimes(*given: Any) -> Any:
        if broken.pop() if broken else False:
            raise RuntimeError("a defect")
        return acquire(*given)

    monkeypatch.setattr(leases, "acquire", sometimes)
    stop = threading.Event()
    thread = threading.Thread(target=relay.stay, args=[stop])
    thread.start()
    try:
        for number in range(3):
            house.record(alert(number))
            eventually(lambda seen=number: len(hook.heard) > seen, seconds=10)
    finally:
        stop.set()
        thread.join(5)
    assert not thread.is_alive()
