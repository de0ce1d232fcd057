"""MISSION_CONTROL_HOME: what an embedded installation keeps, and how its other commands find the running one.

home/            0700 (as root 0710: the account PostgreSQL runs as passes through its group)
├── lock             held by the process that runs this home
├── state.json       0600, kept: generated passwords and keys, the ports taken last, whether to simulate
├── running.json     0600, only while running: addresses, ports, the supervisor's process
├── processes.json   0600, only while running: {name: {pid, state, restarts, since, why}}
├── pulses/          one file per process that answers no questions, touched while it goes on
├── postgres/ valkey/    data of the embedded services
└── logs/            one file per process, and the one before it
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import psutil
from filelock import FileLock, Timeout
from pydantic import BaseModel, Field, SecretStr, ValidationError

from data.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from data.settings import Settings

Model = TypeVar("Model", bound=BaseModel)


def _secret() -> str:
    return secrets.token_urlsafe(32)


class State(BaseModel):
    """What is made once and kept. Ports are those of the last start (0 before it): kept where they are still free."""

    satellite: str = Field(default_factory=lambda: f"satellite-{secrets.token_hex(3)}")  # unique among homes
    postgres_password: str = Field(default_factory=_secret)
    postgres_owner_password: str = Field(default_factory=_secret)
    postgres_admin_password: str = Field(default_factory=_secret)
    valkey_password: str = Field(default_factory=_secret)
    secret_key: str = Field(default_factory=_secret)
    postgres_port: int = 0
    valkey_port: int = 0
    sockets_port: int = 0
    standins_port: int = 0
    simulate: bool | None = None


class Running(BaseModel):
    """What runs now. `started` is the supervisor's creation time in epoch seconds: it tells a reused pid apart."""

    pid: int
    started: float
    database_url: str
    migration_database_url: str = ""
    redis_url: str
    url: str
    sockets_port: int | None


@dataclass(frozen=True)
class InstanceDir:
    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def pulses(self) -> Path:
        return self.root / "pulses"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def processes(self) -> Path:
        return self.root / "processes.json"

    @property
    def fresh(self) -> bool:
        return not (self.root / "state.json").exists()

    @property
    def unclean(self) -> bool:
        """Whether the last run was killed."""
        return self.processes.exists()

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def make(self) -> None:
        try:
            for folder in (self.root, self.logs, self.pulses):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"MISSION_CONTROL_HOME: cannot use {self.root}: {error.strerror}") from None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Raises SettingsError in one line when another process runs this home. The kernel frees it at any death."""
        lock = FileLock(self.root / "lock", timeout=0, mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise SettingsError(self._occupied()) from None
        except OSError as error:
            raise SettingsError(f"MISSION_CONTROL_HOME: cannot lock {self.root}: {error.strerror}") from None
        try:
            yield
        finally:
            lock.release()

    def _occupied(self) -> str:
        running = self.running()
        where = f" (process {running.pid}, {running.url})" if running else ""
        return f"Mission Control already runs on {self.root}{where}: stop it, or set MISSION_CONTROL_HOME and PORT"

    def state(self) -> State:
        """The kept state; a new one, not yet saved, in a fresh home."""
        if self.fresh:
            return State()
        return _read(self.root / "state.json", State)

    def save(self, state: State) -> None:
        write_privately(self.root / "state.json", state.model_dump())

    def running(self) -> Running | None:
        """None when nothing runs, a leftover of a killed run included."""
        path = self.root / "running.json"
        try:
            running = _read(path, Running)
        except FileNotFoundError:
            return None
        return running if is_process(running.pid, running.started) else None

    def announce(self, running: Running) -> None:
        write_privately(self.root / "running.json", running.model_dump())

    def forget(self) -> None:
        for path in (self.root / "running.json", self.processes):
            path.unlink(missing_ok=True)


def is_process(pid: int, started: float) -> bool:
    """Whether this very process lives, not another one that was given its number."""
    try:
        process = psutil.Process(pid)
        return bool(abs(process.create_time() - started) < 1 and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def write_privately(path: Path, content: dict[str, Any]) -> None:
    """Readers see the old file or the new one, never half of it; a crash of the machine leaves one of them."""
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _read(path: Path, model: type[Model]) -> Model:
    try:
        return model.model_validate_json(path.read_bytes())
    except ValidationError:
        raise SettingsError(f"MISSION_CONTROL_HOME: {path} is damaged; put back a backup of it") from None
    except PermissionError:
        raise SettingsError(f"MISSION_CONTROL_HOME: {path} belongs to somebody else; run as its owner") from None


def _secret_or_none(value: str) -> SecretStr | None:
    return SecretStr(value) if value else None


def connect(settings: Settings) -> Settings:
    """The settings with the running home's addresses where the environment names none.

    Raises SettingsError when an address is needed and nothing runs on the home.
    """
    if settings.database_url and settings.redis_url and settings.secret_key:
        return settings
    home = InstanceDir(settings.home)
    running = home.running()
    if running is None:
        raise SettingsError(
            f"Nothing runs on {home.root}: start `make run`, or set MISSION_CONTROL_HOME, "
            "or DATABASE_URL, REDIS_URL and SECRET_KEY"
        )
    found = {
        "database_url": settings.database_url or SecretStr(running.database_url),
        "migration_database_url": settings.migration_database_url or _secret_or_none(running.migration_database_url),
        "redis_url": settings.redis_url or SecretStr(running.redis_url),
        "secret_key": settings.secret_key or SecretStr(home.state().secret_key),
    }
    return settings.model_copy(update=found)
