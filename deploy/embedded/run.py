"""`mission-control run`: all of Mission Control on one home, from the databases to the satellite."""

from __future__ import annotations

import errno
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import click
import psutil
from pydantic import SecretStr

from data.clock import now
from data.errors import SettingsError
from deploy.embedded import ports, programs
from deploy.embedded.instance_dir import InstanceDir, Running, State
from deploy.embedded.liveness import Liveness
from deploy.embedded.postgres import Postgres
from deploy.embedded.programs import Environments
from deploy.embedded.subprocess_call import call_in_subprocess
from deploy.embedded.supervisor import Stopped, Supervisor
from deploy.embedded.valkey import Valkey

if TYPE_CHECKING:
    from data.settings import Settings
    from deploy.embedded.programs import ClientKeys

# Seconds for databases, servers, workers to end by themselves; whoever takes longer is killed. Less than ten in all.
# Workers have the most: the satellite hands over what it found, a task ends.
STOP_S = (2.5, 2.0, 4.7)

# After a run that was killed its last processes may still be about to go.
LEFTOVERS_S = 3.0


def run(settings: Settings) -> None:
    """Returns after somebody asked to stop and everything has ended.

    Raises SettingsError or StartError, after ending what had started.
    """
    home = InstanceDir(settings.home)
    home.make()
    with home.locked():
        installation = Installation(settings, home, home.state(), patience=LEFTOVERS_S if home.unclean else 0)
        home.forget()
        installation.run()


@dataclass
class Installation:
    """One run of one home. `settings` are as given, without what this run itself finds out."""

    settings: Settings
    home: InstanceDir
    state: State
    patience: float = 0  # seconds to wait for the port

    def run(self) -> None:
        self._check_port()
        self.decide()
        click.echo(f"Starting on {self.home.root} (Ctrl-C stops everything)")
        supervisor = Supervisor(self.home, self._say, Liveness(self.settings.hung_after_seconds))
        supervisor.listen()
        try:
            self._start(supervisor)
            supervisor.watch()
        except Stopped:
            click.echo("Stopping …")
        finally:
            supervisor.stop(STOP_S)
            self.home.forget()

    def _say(self, words: str) -> None:
        """To whoever started us, and into the log of the supervisor."""
        click.echo(words)
        with self.home.log("supervisor").open("a", encoding="utf-8") as log:
            log.write(f"{now().isoformat(timespec='seconds')} {words}\n")

    def _check_port(self) -> None:
        host, port = self.settings.host, self.settings.port
        deadline = time.monotonic() + self.patience
        while not ports.is_free(port, host) and time.monotonic() < deadline:
            time.sleep(0.1)
        try:
            ports.bind(port, host)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SettingsError(f"PORT: {port} is in use on {host}; set PORT to a free one") from None
            raise SettingsError(f"HOST, PORT: cannot listen on {host}:{port}: {error.strerror}") from None

    def decide(self) -> None:
        """What the next start will remember."""
        wanted, port, host = self.settings, self.settings.port, self.settings.host
        if wanted.simulate is not None:
            self.state.simulate = wanted.simulate
        elif self.state.simulate is None:
            self.state.simulate = wanted.database_url is None  # a database of somebody's own is not for playing
        self.state.postgres_port = ports.free_port(self.state.postgres_port)
        self.state.valkey_port = ports.free_port(self.state.valkey_port)
        self.state.sockets_port = self._sockets_port(port + 1, host)
        self.state.standins_port = ports.free_port(self.state.standins_port)
        self.home.save(self.state)

    def _sockets_port(self, beside: int, host: str) -> int:
        if self.settings.sockets_port is None:
            return ports.free_port(beside if beside < 65_536 else 0, self.state.sockets_port, host=host)
        if not ports.is_free(self.settings.sockets_port, host):
            raise SettingsError(f"SOCKETS_PORT: {self.settings.sockets_port} is in use on {host}")
        return self.settings.sockets_port

    def _start(self, supervisor: Supervisor) -> None:
        settings = self._start_databases(supervisor)
        environments = Environments.of(settings)
        supervisor.run_once(programs.migration(settings, environments))
        path, crew, note = call_in_subprocess(
            _open_doors, settings, self.state.satellite, simulate=bool(self.state.simulate)
        )
        if note:
            click.echo(note)
        self.home.announce(_running(settings))
        supervisor.start(programs.servers(settings, environments))
        supervisor.start(programs.workers(environments, crew))
        supervisor.wait_for(partial(programs.is_ready, settings), "Everything runs; waiting until /readyz says so too")
        click.echo(f"Mission Control ready: {programs.public_url(settings)}{path}")

    def _start_databases(self, supervisor: Supervisor) -> Settings:
        """The settings with everything the children need to know."""
        found: dict[str, object] = {
            "secret_key": self.settings.secret_key or SecretStr(self.state.secret_key),
            "sockets_port": self.state.sockets_port if self.settings.websocket_enabled else None,
        }
        embed_postgres, embed_valkey = self.settings.database_url is None, self.settings.redis_url is None
        if self.state.simulate and not self.settings.standins_url:
            found["standins_url"] = f"http://{ports.LOOPBACK}:{self.state.standins_port}"
        postgres = Postgres.of(self.home, self.state, self.state.postgres_port) if embed_postgres else None
        valkey = Valkey.of(self.home, self.state, self.state.valkey_port) if embed_valkey else None
        supervisor.start([service.program() for service in (postgres, valkey) if service])
        if postgres:
            call_in_subprocess(postgres.ensure_database)
            found["database_url"] = SecretStr(postgres.url)
            found["migration_database_url"] = SecretStr(postgres.owner_url)
        if valkey:
            found["redis_url"] = SecretStr(valkey.url)
        return self.settings.model_copy(update=found)


def _open_doors(settings: Settings, satellite: str, *, simulate: bool) -> tuple[str, ClientKeys, str]:
    from deploy.embedded.initial_access import create_initial_access

    return create_initial_access(settings, satellite, simulate=simulate)


def _running(settings: Settings) -> Running:
    this = psutil.Process()
    return Running(
        pid=this.pid,
        started=this.create_time(),
        database_url=_value(settings.database_url),
        migration_database_url=_value(settings.migration_database_url),
        redis_url=_value(settings.redis_url),
        url=programs.local_url(settings),
        sockets_port=settings.sockets_port,
    )


def _value(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
