"""What a start decides before it starts anything."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from data.errors import SettingsError
from data.settings import Settings
from deploy.embedded.instance_dir import InstanceDir, State
from deploy.embedded.ports import LOOPBACK, free_port
from deploy.embedded.run import Installation

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def decide(tmp_path: Path) -> Callable[..., State]:
    """A start on one home: each call is another one, with the settings given."""
    home = InstanceDir(tmp_path / "home")
    home.make()

    def decide(**given: object) -> State:
        settings = Settings.load(_env_file=None, mission_control_home=home.root, **given)
        Installation(settings, home, home.state()).decide()
        return home.state()

    return decide


def test_a_fresh_home_simulates(decide: Callable[..., State]) -> None:
    assert decide().simulate is True


def test_a_home_remembers_what_was_decided_last(decide: Callable[..., State]) -> None:
    assert decide(simulate=False).simulate is False
    assert decide().simulate is False
    assert decide(simulate=True).simulate is True
    assert decide().simulate is True


def test_nothing_is_simulated_into_a_database_of_the_operators_own_unless_asked_for(
    decide: Callable[..., State],
) -> None:
    mine = "postgresql://mine/db"
    assert decide(database_url=mine).simulate is False
    assert decide(database_url=mine, simulate=True).simulate is True


def test_secrets_and_the_satellites_name_stay_the_same(decide: Callable[..., State]) -> None:
    ports = {"postgres_port", "valkey_port", "sockets_port"}
    assert decide().model_dump(exclude=ports) == decide().model_dump(exclude=ports)


def test_sockets_take_the_next_port_or_another_where_it_is_taken(decide: Callable[..., State]) -> None:
    port = free_port()
    with socket.create_server((LOOPBACK, port + 1)):
        assert decide(port=port).sockets_port != port + 1


def test_a_port_for_sockets_that_was_asked_for_is_not_replaced_silently(decide: Callable[..., State]) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"SOCKETS_PORT: {number} is in use"):
            decide(sockets_port=number)
