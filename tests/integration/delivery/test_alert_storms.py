"""Too much is counted and announced, never silent, and never more than so many messages a minute."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from data.alerts.transition import State
from tests.integration.delivery.conftest import alert

if TYPE_CHECKING:
    from tests.integration.delivery.conftest import House
    from tests.receivers import Receiver

STORM = 10_000


def test_ten_thousand_alerts_in_ten_seconds_are_five_messages_and_a_critical_one_passes(
    house: House, hook: Receiver
) -> None:
    house.channel("ops", url=hook.url)
    start = time.monotonic()
    for batch in range(10):
        house.record(*(alert(batch * 1000 + each, severity="warning") for each in range(1000)))
        if batch == 5:
            house.record(alert(STORM, rule="database_down"))
            critical_at = time.monotonic()
        house.later(seconds=1)
        house.relay()
    [critical] = [each for each in hook.heard if "database_down" in each.body.decode()]
    assert critical.at - critical_at < 10
    assert len(hook.heard) <= 5, time.monotonic() - start
    house.later(seconds=61)
    house.relay()
    assert len(hook.heard) <= 8
    house.later(seconds=61)
    house.relay()
    counted = sum(len(each.json["data"]["alerts"]) + each.json["data"]["more"] for each in hook.heard)
    assert counted == STORM + 1  # all of them, each once
    [(told,)] = house.run("select count(*) from alert_announcements where open")
    assert told == STORM + 1
    [card, *_] = [each.json["data"] for each in hook.heard if each.json["data"]["kind"] == "storm"]
    assert card["rules"][0]["rule"] == "queue_depth_high"
    assert card["resume"]


def test_the_ends_of_a_storm_are_told_on_cards_too(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.record(*(alert(each, severity="warning") for each in range(300)))
    house.later(seconds=3)
    house.relay()
    house.later(seconds=61)
    house.record(*(alert(each, State.RESOLVED, severity="warning") for each in range(300)))
    house.later(seconds=3)
    house.relay()
    assert len(hook.heard) == 6
    [(still,)] = house.run("select count(*) from alert_announcements where open")
    assert still == 0


def test_a_hundred_flaps_are_four_messages_and_the_last_one_tells_how_it_is(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url, per_minute=60)
    for number in range(100):
        for state in (State.FIRING, State.RESOLVED):
            house.record(alert(number, state, fingerprint="same", group="same"))
            house.later(seconds=5)
            house.relay()
    house.later(minutes=4)
    house.relay()
    assert [state for _, state in hook.alerts] == ["firing", "resolved", "firing", "resolved"]
    assert "comes and goes" in hook.heard[2].json["data"]["alerts"][0]["note"]
    [(rows,)] = house.run("select count(*) from alert_notifications")
    assert rows >= 199  # the history is whole
    [(still,)] = house.run("select count(*) from alert_announcements where open or flapping")
    assert still == 0


def test_a_flap_that_ends_firing_says_so(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url, per_minute=60)
    for number in range(5):
        for state in (State.FIRING, State.RESOLVED)[: 1 if number == 4 else 2]:
            house.record(alert(number, state, fingerprint="same", group="same"))
            house.later(seconds=5)
            house.relay()
    house.later(minutes=4)
    house.relay()
    assert [state for _, state in hook.alerts] == ["firing", "resolved", "firing", "firing"]
    house.record(alert(4, State.RESOLVED, fingerprint="same", group="same"))
    house.later(minutes=11)
    house.relay()
    assert hook.alerts[-1][1] == "resolved"


def test_what_is_mere_information_waits_for_the_digest(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url, digest_minutes=15)
    house.record(*(alert(each, severity="info") for each in range(7)), alert(8, severity="warning"))
    house.later(seconds=3)
    house.relay()
    assert [line["alert_id"] for each in hook.heard for line in each.json["data"]["alerts"]] == [8]
    house.later(minutes=15)
    house.relay()
    digest = hook.heard[1].json["data"]
    assert (digest["kind"], len(digest["alerts"])) == ("digest", 7)
    assert digest["title"] == "Digest: 7 began, 0 ended"


def test_alerts_of_a_group_that_rise_together_are_one_message(house: House, hook: Receiver) -> None:
    house.channel("ops", url=hook.url)
    house.record(alert(1, severity="warning", group="one"))
    house.relay()
    house.later(seconds=1)
    house.record(alert(2, severity="warning", group="one"))
    house.later(seconds=3)
    house.relay()
    [heard] = hook.heard
    assert [line["alert_id"] for line in heard.json["data"]["alerts"]] == [1, 2]
