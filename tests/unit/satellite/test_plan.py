from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from clients.satellite.client_state import ClientState
from clients.satellite.plan import Plan
from clients.sdk import MissionControl


def plan(target: str = "http://example.org/", **config: Any) -> Plan:
    lease: Any = {"job_id": "LP-1", "target_url": target, "config": config}
    return Plan.of(lease)


def test_what_is_not_said_has_a_default() -> None:
    assert plan() == Plan("LP-1", "http://example.org/", frozenset({"example.org"}), 100_000, None, 1.0, 8, 20.0)


def test_a_bare_domain_is_a_target() -> None:
    assert plan("Example.org").start == "http://example.org/"


def test_the_start_may_lie_elsewhere() -> None:
    found = plan("example.org", start_url="https://docs.example.org/en#top", allowed_sites=["Shop.example:8080"])
    assert found.start == "https://docs.example.org/en"
    assert found.sites == {"example.org", "docs.example.org", "shop.example:8080"}


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"max_pages": 0}, "max_pages"),
        ({"max_pages": "many"}, "max_pages"),
        ({"delay_seconds": -1}, "delay_seconds"),
        ({"delay_seconds": float("nan")}, "delay_seconds"),
        ({"concurrency": 100}, "concurrency"),
        ({"max_depth": True}, "max_depth"),
        ({"start_url": "mailto:x"}, "start_url"),
    ],
)
def test_what_cannot_be_done_is_named(config: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        plan(**config)


@pytest.fixture
def station() -> ClientState:
    return ClientState(MissionControl("http://127.0.0.1:9", "k"), "My satellite №1")


def test_a_name_makes_an_id_that_the_server_takes(station: ClientState) -> None:
    assert station.id == "My-satellite-1"


def test_a_wrong_clock_is_noticed_and_a_slow_answer_is_not(station: ClientState) -> None:
    now = datetime.now(UTC)
    station.compare_clocks((now + timedelta(hours=1)).isoformat().replace("+00:00", "Z"))
    assert timedelta(minutes=59) < station.clock_offset <= timedelta(hours=1)
    station.compare_clocks((now - timedelta(seconds=2)).isoformat())
    assert station.clock_offset == timedelta(0)
