"""Keeps the children of one home alive: ordered start, restart with backoff, also of those that hang, ordered stop.

One thread starts and ends them, because Linux ends a child when the thread that started it ends
(`launch.die_with_parent`), and because nothing here waits for anything but the clock. Others only listen (`liveness`).
"""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import psutil

from data.clock import now
from data.errors import MissionControlError
from deploy.embedded import backoff, child, orphans
from deploy.embedded.instance_dir import InstanceDir, write_privately
from deploy.embedded.logs import rotate

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Sequence
    from types import FrameType

    from deploy.embedded.child import Program
    from deploy.embedded.liveness import Liveness

State = Literal["starting", "running", "silent", "backoff", "stopped"]
TICK_S = 0.1
TIDY_EVERY_S = 10.0
LOOK_EVERY_S = 2.0
HINT_EVERY_S = 20.0
SILENT_SHARE = 0.4  # of the patience with a child: from then on it is said that it is silent
TOLD_DEATHS = 3  # in a row; after that the log and /readyz tell the rest


class Stopped(MissionControlError):
    """Somebody asked us to end."""


def _moment() -> str:
    return now().isoformat(timespec="seconds")


@dataclass
class Child:
    """A program and what has become of it. `process` is the newest one, also after its death."""

    program: Program
    process: subprocess.Popen[bytes]
    state: State = "starting"
    restarts: int = 0
    failures: int = 0
    why: str | None = None  # it was started again
    hung: str | None = None  # why we killed it just now
    since: str = field(default_factory=_moment)
    began: float = field(default_factory=time.monotonic)  # the newest start; in backoff the next one

    def become(self, state: State) -> None:
        self.state, self.since = state, _moment()


@dataclass
class Supervisor:
    home: InstanceDir
    say: Callable[[str], None]
    liveness: Liveness
    stages: list[list[Child]] = field(default_factory=list)
    stopping: bool = False
    _errands: set[int] = field(default_factory=set)  # processes of `run_once`
    _tidied: float = 0.0
    _looked: float = 0.0

    @property
    def children(self) -> list[Child]:
        return [one for stage in self.stages for one in stage]

    def listen(self) -> None:
        """SIGINT, SIGTERM and a closed terminal end everything in order."""
        orphans.adopt()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # else somebody used nohup
            signal.signal(signal.SIGHUP, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def start(self, programs: Sequence[Program], *, seconds: float = 60) -> None:
        """Starts a stage and returns when all of it is ready; until then a death among it is no accident to repair.

        Raises StartError, with the end of the log, when one of them dies first or takes longer.
        """
        stage: list[Child] = []
        self.stages.append(stage)
        stage.extend(Child(program, self._launch(program)) for program in programs)
        self._report()
        deadline = time.monotonic() + seconds
        while any(one.state != "running" for one in stage):
            self._step(booting=stage)
            if time.monotonic() > deadline:
                late = next(one.program for one in stage if one.state != "running")
                raise child.StartError(self._last_words(late, f"was not ready after {seconds:.0f} s"))

    def run_once(self, program: Program, *, seconds: float = 600) -> None:
        """Runs a program to its end beside the others. Raises StartError when it fails."""
        process = self._launch(program)
        self._errands.add(process.pid)
        try:
            deadline = time.monotonic() + seconds
            while process.poll() is None and time.monotonic() < deadline:
                self._step()
        finally:
            child.end_group(process)
            self._errands.remove(process.pid)
        if process.returncode != 0:
            raise child.StartError(self._last_words(program, _manner(process.returncode)))

    def wait_for(self, question: Callable[[], bool], hint: str) -> None:
        """Returns when the answer is yes; says now and then what it waits for. Who dies meanwhile is started again."""
        said = time.monotonic()
        while not question():
            self._step()
            if time.monotonic() - said > HINT_EVERY_S:
                self.say(hint)
                said = time.monotonic()

    def watch(self) -> None:
        """Never returns; raises Stopped when somebody asks to stop."""
        self.liveness.listen(one.program for one in self.children)
        while True:
            self._step()
            self._end_hung()
            if time.monotonic() - self._tidied > TIDY_EVERY_S:
                rotate(self.home.logs)
                orphans.end(self._known())
                self._tidied = time.monotonic()

    def _step(self, *, booting: Sequence[Child] = ()) -> None:
        if self.stopping:
            raise Stopped("asked to stop")
        for one in self.children:
            self._attend(one, booting=one in booting)
        time.sleep(TICK_S)

    def _attend(self, one: Child, *, booting: bool) -> None:
        if one.state == "backoff":
            if time.monotonic() >= one.began:
                one.restarts += 1
                self._spawn_again(one)
        elif one.process.poll() is not None:
            self._bury(one, booting=booting)
        elif one.state == "starting" and one.program.ready():
            one.become("running")
            self._report()

    def _end_hung(self) -> None:
        """A child that is silent for too long is killed, and started again like one that died."""
        for one in self.children:
            if one.state in ("starting", "running", "silent"):
                self._listen_to(one)
        if time.monotonic() - self._looked > LOOK_EVERY_S:
            self._looked = time.monotonic()
            for process in self.liveness.stopped_too_long():
                self._end_stopped(process)

    def _listen_to(self, one: Child) -> None:
        silent_s = self.liveness.silent_s(one.program.name)
        if self.liveness.is_hung(one.program.name):
            self._kill(one, f"was silent for {silent_s:.0f} s")
        elif one.state != "starting" and (silent_s > SILENT_SHARE * self.liveness.patience_s) != (
            one.state == "silent"
        ):
            one.become("running" if one.state == "silent" else "silent")
            self.say(f"{one.program.name} {f'is silent, for {silent_s:.0f} s' if silent_s else 'answers again'}")
            self._report()

    def _end_stopped(self, process: psutil.Process) -> None:
        """One of ours is started again; what one of ours has started is replaced by its parent."""
        with suppress(psutil.NoSuchProcess):
            family = [process.pid, *(one.pid for one in process.parents())]
            owner = next((one for one in self.children if one.process.pid in family), None)
            if owner and owner.process.pid == process.pid:
                self._kill(owner, "was stopped by a signal")
            else:
                whose = owner.program.name if owner else "a stray"
                self.say(f"{whose}: process {process.pid} was stopped by a signal and stayed so; it is ended")
                process.kill()

    def _kill(self, one: Child, why: str) -> None:
        one.hung = why
        one.process.kill()
        child.wait_gone(one.process, time.monotonic() + 1)

    def _launch(self, program: Program) -> subprocess.Popen[bytes]:
        return child.start(program, self.home.log(program.name))

    def _spawn_again(self, one: Child) -> None:
        self.liveness.begin(one.program.name)
        try:
            one.process = self._launch(one.program)
        except (OSError, MissionControlError) as error:
            self._put_off(one, str(error))
            return
        one.began = time.monotonic()
        one.become("starting")
        self._report()

    def _bury(self, one: Child, *, booting: bool) -> None:
        """A killed master leaves workers that hold its port: nothing of its group may live when it starts again."""
        manner, one.hung = one.hung or _manner(one.process.returncode), None
        child.end_group(one.process)
        orphans.end(self._known())
        if booting:
            raise child.StartError(self._last_words(one.program, f"{manner} while starting"))
        self._put_off(one, manner)

    def _put_off(self, one: Child, why: str) -> None:
        one.why = why
        one.failures = backoff.next_failures(one.failures, time.monotonic() - one.began)
        wait = backoff.delay(one.failures)
        one.began = time.monotonic() + wait
        one.become("backoff")
        self._report()
        if one.failures <= TOLD_DEATHS:
            self.say(f"{one.program.name} {why}; starting it again in {wait:g} s")

    def stop(self, seconds: Sequence[float]) -> None:
        """Ends the stages in reverse order. `seconds` is how long each may take, first stage first; then it is killed.

        A second request to stop changes nothing: the whole is bounded anyway.
        """
        for stage, limit in reversed(list(zip(self.stages, seconds, strict=False))):
            self._stop_stage(stage, limit)
        orphans.end(set())

    def _stop_stage(self, stage: list[Child], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        for one in reversed(stage):
            if one.process.poll() is None:
                one.process.send_signal(one.program.stop_signal)
        for one in reversed(stage):
            child.wait_gone(one.process, deadline)
            child.end_group(one.process, seconds=1)
            one.become("stopped")
        self._report()

    def _known(self) -> set[int]:
        return self._errands | {one.process.pid for one in self.children}

    def _last_words(self, program: Program, what: str) -> str:
        return f"{program.name} {what}:\n{child.tail(self.home.log(program.name))}"

    def _report(self) -> None:
        write_privately(self.home.processes, {one.program.name: _entry(one) for one in self.children})


def _entry(one: Child) -> dict[str, object]:
    pid = one.process.pid if one.state in {"starting", "running", "silent"} else None
    return {"pid": pid, "state": one.state, "restarts": one.restarts, "since": one.since, "why": one.why}


def _manner(code: int | None) -> str:
    return f"was ended by signal {-code}" if code is not None and code < 0 else f"ended with code {code}"
