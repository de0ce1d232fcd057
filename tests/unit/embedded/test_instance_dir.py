from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import psutil
import pytest
from pydantic import SecretStr

from data.errors import SettingsError
from data.settings import Settings
from deploy.embedded.instance_dir import InstanceDir, Running, connect

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> InstanceDir:
    home = InstanceDir(tmp_path / "below" / "home")
    home.make()
    return home


@pytest.fixture
def running() -> Running:
    this = psutil.Process()
    return Running(
        pid=this.pid,
        started=this.create_time(),
        database_url="postgresql://here/db",
        redis_url="redis://here/0",
        url="http://here:1",
        sockets_port=2,
    )


def settings_of(home: InstanceDir, **given: object) -> Settings:
    return Settings.load(_env_file=None, mission_control_home=home.root, **given)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_home_is_closed_to_everybody_else(home: InstanceDir) -> None:
    assert (mode(home.root), mode(home.logs)) == (0o700, 0o700)


def test_what_is_generated_once_is_kept_and_readable_by_its_owner_alone(home: InstanceDir) -> None:
    made = home.state()
    assert home.fresh
    home.save(made)
    assert home.state() == made
    assert mode(home.root / "state.json") == 0o600


def test_no_two_secrets_are_the_same(home: InstanceDir) -> None:
    one, other = home.state(), home.state()
    secrets = [
        value
        for state in (one, other)
        for name, value in state.model_dump().items()
        if name.endswith(("password", "key"))
    ]
    assert len(set(secrets)) == len(secrets) == 10


def test_a_damaged_state_is_named_and_left_alone(home: InstanceDir) -> None:
    path = home.root / "state.json"
    path.write_text("{half")
    with pytest.raises(SettingsError, match=r"state\.json is damaged"):
        home.state()
    assert path.read_text() == "{half"


def test_a_home_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="MISSION_CONTROL_HOME: cannot use"):
        InstanceDir(tmp_path / "file" / "home").make()


def test_only_one_process_has_a_home(home: InstanceDir) -> None:
    with home.locked(), pytest.raises(SettingsError, match="already runs on"), InstanceDir(home.root).locked():
        pass
    with home.locked():
        pass


def test_the_refusal_says_who_has_it_and_where(home: InstanceDir, running: Running) -> None:
    home.announce(running)
    with home.locked(), pytest.raises(SettingsError, match=f"process {os.getpid()}, http://here:1"), home.locked():
        pass


def test_what_runs_can_be_found_by_its_home(home: InstanceDir, running: Running) -> None:
    home.save(home.state())
    home.announce(running)
    found = connect(settings_of(home))
    assert found.database_url == SecretStr("postgresql://here/db")
    assert found.redis_url == SecretStr("redis://here/0")
    assert found.secret_key == SecretStr(home.state().secret_key)


def test_what_the_environment_says_comes_first(home: InstanceDir, running: Running) -> None:
    home.save(home.state())
    home.announce(running)
    found = connect(settings_of(home, database_url="postgresql://mine/db"))
    assert found.database_url == SecretStr("postgresql://mine/db")
    assert found.redis_url == SecretStr("redis://here/0")


def test_with_every_address_in_the_environment_nothing_needs_to_run(home: InstanceDir) -> None:
    given = settings_of(home, database_url="postgresql://mine/db", redis_url="redis://mine/0", secret_key="k" * 32)
    assert connect(given) is given


def test_nothing_running_is_one_line_that_says_what_to_do(home: InstanceDir) -> None:
    with pytest.raises(SettingsError, match=r"Nothing runs on .*: start `make run`, or set MISSION_CONTROL_HOME"):
        connect(settings_of(home))


def test_a_number_that_another_process_was_given_since_is_not_taken_for_ours(
    home: InstanceDir, running: Running
) -> None:
    home.announce(running.model_copy(update={"started": running.started - 3600}))
    assert home.running() is None


def test_nothing_is_announced_after_the_end(home: InstanceDir, running: Running) -> None:
    home.announce(running)
    home.forget()
    assert home.running() is None
