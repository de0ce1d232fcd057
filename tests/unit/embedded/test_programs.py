from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from data.settings import Settings
from deploy import gunicorn
from deploy.embedded import programs
from deploy.embedded.programs import ClientKeys, Environments

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

KNOWN = {"database_url": "postgresql://a/b", "redis_url": "redis://a/0", "secret_key": "k" * 32, "sockets_port": 8051}

CREW = ClientKeys("satellite-1", "mc_key", None)


def settings(home: Path, **given: object) -> Settings:
    return Settings.load(_env_file=None, mission_control_home=home, **{**KNOWN, **given})


def test_servers_are_told_every_address(tmp_path: Path) -> None:
    env = Environments.of(settings(tmp_path, port=9000)).server
    assert (env["DATABASE_URL"], env["REDIS_URL"], env["SECRET_KEY"]) == ("postgresql://a/b", "redis://a/0", "k" * 32)
    assert (env["PORT"], env["SOCKETS_PORT"], env["MISSION_CONTROL_HOME"]) == ("9000", "8051", str(tmp_path))


def test_clients_are_told_no_secret_but_their_own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUNTER_IO_API_KEY", "hunter")
    (tmp_path / "admin").write_text("a long password")
    monkeypatch.setenv("ADMIN_PASSWORD_FILE", str(tmp_path / "admin"))
    environments = Environments.of(settings(tmp_path))
    satellite = next(one for one in programs.workers(environments, CREW) if one.name == "satellite")
    assert satellite.argv[-3:] == ("satellite", "--name", "satellite-1")
    assert satellite.env["MISSION_CONTROL_KEY"] == "mc_key"
    assert satellite.env["MISSION_CONTROL_URL"] == "http://127.0.0.1:8050"
    hidden = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "HUNTER_IO_API_KEY", "ADMIN_PASSWORD_FILE"}
    assert not hidden & set(satellite.env)


def test_only_the_migration_signs_in_as_the_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIGRATION_DATABASE_URL", "postgresql://owner@a/b")
    known = settings(tmp_path)
    environments = Environments.of(known)
    others = (*programs.servers(known, environments), *programs.workers(environments, CREW))
    assert not any("MIGRATION_DATABASE_URL" in one.env for one in others)
    assert programs.migration(known, environments).env["MIGRATION_DATABASE_URL"] == "postgresql://owner@a/b"


def test_a_server_that_listens_everywhere_is_asked_on_loopback(tmp_path: Path) -> None:
    for everywhere, here in programs.EVERY_ADDRESS.items():
        assert here in programs.local_url(settings(tmp_path, host=everywhere))


def test_people_are_shown_the_address_of_the_proxy_where_there_is_one(tmp_path: Path) -> None:
    assert programs.public_url(settings(tmp_path, public_url="https://wall.example/")) == "https://wall.example"


def test_the_simulator_runs_only_with_a_key_for_it(tmp_path: Path) -> None:
    environments = Environments.of(settings(tmp_path))
    names = [one.name for one in programs.workers(environments, CREW)]
    assert names == ["worker", "beat", "satellite"]
    assert [one.name for one in programs.workers(environments, replace(CREW, simulator_key="mc_other"))] == [
        *names,
        "simulator",
    ]


def test_no_sockets_are_served_without_a_port_for_them(tmp_path: Path) -> None:
    without = settings(tmp_path, sockets_port=None)
    assert [one.name for one in programs.servers(without, Environments.of(without))] == ["web"]


def test_sockets_have_a_thread_for_every_viewer_and_some_to_refuse_the_next(tmp_path: Path) -> None:
    arguments = gunicorn.sockets(settings(tmp_path, max_websocket_connections=40))
    assert "--threads=60" in arguments
    assert "--bind=127.0.0.1:8051" in arguments
