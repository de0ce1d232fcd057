"""Somebody else raises the alarm when alerts arrive no longer: the heartbeat follows a canary, not a clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from data.alerts.delivery import deadman, records
from tests.integration.delivery.conftest import alert
from tests.receivers import Said

if TYPE_CHECKING:
    from data.services import Services
    from tests.integration.delivery.conftest import House
    from tests.receivers import Receiver


@pytest.fixture
def watched(mc: Services, other: Receiver) -> Services:
    settings = mc.settings.model_copy(update={"alert_heartbeat_url": SecretStr(f"{other.url}/ping")})
    return replace(mc, settings=settings)


def test_the_address_is_asked_only_after_a_canary_arrived(house: House, watched: Services, other: Receiver) -> None:
    assert not deadman.ping(watched, house.now())
    assert other.heard == []
    house.relay()
    assert deadman.ping(watched, house.now())
    assert [each.path for each in other.heard] == ["/ping"]


def test_a_relay_that_stands_still_stops_the_heartbeat(house: House, watched: Services, other: Receiver) -> None:
    deadman.ping(watched, house.now())
    house.relay()
    house.later(minutes=4)
    assert not deadman.ping(watched, house.now())  # the canary of then was the last one
    house.relay()
    assert deadman.ping(watched, house.now())
    assert len(other.heard) == 1


def test_an_address_that_refuses_is_no_heartbeat(house: House, watched: Services, other: Receiver) -> None:
    deadman.ping(watched, house.now())
    house.relay()
    other.answers = [Said(500)]
    assert not deadman.ping(watched, house.now())


def test_the_canary_is_no_channel_that_anybody_sees_or_hears_over(
    house: House, watched: Services, hook: Receiver
) -> None:
    deadman.ping(watched, house.now())
    assert house.do(records.list_channels) == []
    house.channel("ops", url=hook.url)
    house.record(alert(1))
    house.relay()
    assert len(hook.heard) == 1
    [(told,)] = house.run("select count(*) from alert_notifications where channel = 'canary' and kind = 'firing'")
    assert told == 0


def test_without_an_address_nothing_is_asked(house: House) -> None:
    assert not deadman.ping(house.mc, house.now())
    assert house.run("select count(*) from alert_channels")[0][0] == 0
