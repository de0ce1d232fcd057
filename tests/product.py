"""The whole product as `make run` starts it, on a home of its own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from deploy.embedded.child import Program, launch_argv
from deploy.embedded.ports import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deploy.embedded.account import Account

COMMAND = Path(sys.executable).with_name("mission-control")
READY = re.compile(r"^Mission Control ready: (http://\S+?)(/login\S*)$", re.MULTILINE)


@dataclass
class Product:
    """`env` goes over a small environment of its own: nothing of the tester's reaches the product."""

    home: Path
    port: int
    env: dict[str, str]
    account: Account | None
    output: Path
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, home: Path, *, account: Account | None = None, port: int = 0, **env: str) -> Product:
        """Returns at once; `wait_ready` waits. A fresh home starts empty unless `SIMULATE` says otherwise."""
        port = port or free_port()
        own = {"MISSION_CONTROL_HOME": str(home), "PORT": str(port), "SIMULATE": "0", "PATH": os.defpath}
        with tempfile.NamedTemporaryFile(prefix="mission-control-", suffix=".out", delete=False) as output:
            process = cls._spawn("run", own | env, account, output)
        return cls(home, port, own | env, account, Path(output.name), process)

    @staticmethod
    def _spawn(command: str, env: Mapping[str, str], account: Account | None, output: Any) -> subprocess.Popen[bytes]:
        program = Program(command, (str(COMMAND), command), env, account=account)
        return subprocess.Popen(launch_argv(program), env=dict(env), cwd="/", stdout=output, stderr=subprocess.STDOUT)

    def again(self, **env: str) -> Product:
        """Another start on the same home and port."""
        return Product.start(self.home, account=self.account, port=self.port, **(self.env | env))

    def said(self) -> str:
        return self.output.read_text()

    def wait_ready(self, seconds: float = 60) -> Product:
        deadline = time.monotonic() + seconds
        while not READY.search(self.said()):
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.05)
        return self

    @property
    def link(self) -> str:
        found = READY.search(self.said())
        assert found, self.said()
        return found[1] + found[2]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self, *arguments: str, **given: Any) -> subprocess.CompletedProcess[str]:
        """Another command of ours that finds this product by its home."""
        argv = [str(COMMAND), *arguments]
        return subprocess.run(argv, env=self.env, cwd="/", check=False, capture_output=True, text=True, **given)

    def addresses(self) -> dict[str, str]:
        """DATABASE_URL and REDIS_URL, as `mission-control env` prints them."""
        return dict(line.split("=", 1) for line in self.command("env").stdout.splitlines())

    def processes(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = json.loads((self.home / "processes.json").read_bytes())
        return found

    def everybody(self) -> list[psutil.Process]:
        """The supervisor and all its offspring."""
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def environments(self) -> list[dict[str, str]]:
        """Of everybody who is still there when asked: a database's session may end meanwhile."""
        found = []
        for one in self.everybody():
            with suppress(psutil.NoSuchProcess):
                found.append(one.environ())
        return found

    def stop(self, seconds: float = 10) -> int:
        """Ends it as an operator does. Returns its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(seconds)
        self.output.unlink(missing_ok=True)
        return code


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    found = []
    for one in processes:
        try:
            if one.is_running() and one.status() != psutil.STATUS_ZOMBIE:
                found.append(one)
        except psutil.NoSuchProcess:
            continue
    return found
