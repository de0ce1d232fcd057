"""One child process: how it is described, started, asked whether it is ready, and ended with all its offspring."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from data.errors import MissionControlError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deploy.embedded.account import Account

LAUNCH = Path(__file__).with_name("launch.py")


class StartError(MissionControlError):
    """A part of Mission Control did not start; the text ends with what it said last."""

    title = "Did not start"


@dataclass(frozen=True)
class Program:
    """What to run. `ready` and `alive` answer soon and never raise; `before` runs before every start of it.

    `alive` says whether the process itself goes on, whatever it leans on; None where nobody can tell."""

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(repr=False)
    ready: Callable[[], bool] = lambda: True
    alive: Callable[[], bool] | None = None
    before: Callable[[], None] = lambda: None
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL  # what it gets when the process that started it is killed


def launch_argv(program: Program) -> list[str]:
    account = program.account
    options = {
        "uid": account.uid if account else None,
        "gid": account.gid if account else None,
        "capability": account.capability if account else None,
        "death_signal": int(program.death_signal),
        "parent": os.getpid(),
    }
    return [sys.executable, "-I", str(LAUNCH), json.dumps(options), *program.argv]


def start(program: Program, log: Path) -> subprocess.Popen[bytes]:
    """Starts it in a session of its own: a Ctrl-C in the terminal reaches the supervisor alone."""
    program.before()
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 — our own programs
            launch_argv(program),
            env=dict(program.env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def wait_ready(program: Program, process: subprocess.Popen[bytes], log: Path, *, seconds: float) -> None:
    """Returns when it is ready. Raises StartError with the end of its log when it dies first or takes too long."""
    deadline = time.monotonic() + seconds
    while not program.ready():
        if process.poll() is not None:
            raise StartError(f"{program.name} ended with {process.returncode} while starting:\n{tail(log)}")
        if time.monotonic() > deadline:
            raise StartError(f"{program.name} was not ready after {seconds:.0f} s:\n{tail(log)}")
        time.sleep(0.05)


def tail(log: Path, lines: int = 12) -> str:
    if not log.exists():
        return f"  (no log at {log})"
    with log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - 8192))
        last = file.read().decode(errors="replace").splitlines()[-lines:]
    return "\n".join(f"  {line}" for line in (*last, f"(from {log})"))


def signal_group(process_group: int, number: signal.Signals) -> bool:
    """False when nobody is left in it."""
    try:
        os.killpg(process_group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS answers so for a group of which only zombies are left
        return False
    return True


def wait_gone(process: subprocess.Popen[bytes], deadline: float) -> bool:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(max(0.01, deadline - time.monotonic()))
    return process.returncode is not None


def stop(program: Program, process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Asks it to end, waits, and kills whatever is left of its group."""
    if process.poll() is None:
        process.send_signal(program.stop_signal)
        wait_gone(process, time.monotonic() + seconds)
    end_group(process)


def end_group(process: subprocess.Popen[bytes], seconds: float = 5) -> None:
    """Kills the group of a child, dead or alive, and waits until nobody is left who could hold its port."""
    deadline = time.monotonic() + seconds
    while signal_group(process.pid, signal.SIGKILL) and time.monotonic() < deadline:
        if wait_gone(process, time.monotonic() + 0.02):
            reap_group(process.pid)
    wait_gone(process, deadline)


def reap_group(process_group: int) -> None:
    """Offspring of a dead child that became ours (see strays) stays in its group until somebody asks for its end."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-process_group, os.WNOHANG)[0]:
            pass
    time.sleep(0.01)
