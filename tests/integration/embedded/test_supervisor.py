"""The supervisor with real processes, but small ones."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DRIVER = Path(__file__).with_name("driver.py")
POLITE = 'echo "start {name}" >> diary; trap \'echo "stop {name}" >> diary; exit 0\' TERM; while :; do sleep 0.05; done'
PULSING = "while :; do touch {pulse}; sleep 0.2; done"
STUBBORN = "trap '' TERM; while :; do sleep 0.05; done"


@dataclass
class Driven:
    folder: Path
    process: subprocess.Popen[bytes]

    def said(self) -> str:
        return (self.folder / "said").read_text()

    def diary(self) -> list[str]:
        return (self.folder / "diary").read_text().splitlines()

    def child(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / "home/processes.json").read_bytes())[name]
        return found

    def offspring(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def drive(tmp_path: Path, eventually: Callable[..., None]) -> Iterator[Callable[..., Driven]]:
    driven: list[Driven] = []

    def start(*stages: list[dict[str, str]], up: bool = True) -> Driven:
        with (tmp_path / "said").open("wb") as output:
            argv = [sys.executable, str(DRIVER), str(tmp_path / "home"), json.dumps(stages)]
            one = Driven(tmp_path, subprocess.Popen(argv, cwd=tmp_path, stdout=output, stderr=subprocess.STDOUT))
        driven.append(one)
        if up:
            eventually(lambda: "up" in one.said() or one.process.poll() is not None)
        return one

    yield start
    for one in driven:
        if one.process.poll() is None:
            one.process.terminate()
        one.process.wait(10)


def polite(name: str) -> dict[str, str]:
    return {"name": name, "script": POLITE.format(name=name)}


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_it_starts_stage_by_stage_and_ends_in_reverse(drive: Callable[..., Driven]) -> None:
    driven = drive([polite("a")], [polite("b")], [polite("c")])
    time.sleep(0.3)
    driven.process.terminate()
    assert driven.process.wait(5) == 0
    assert driven.diary() == ["start a", "start b", "start c", "stop c", "stop b", "stop a"]


def test_a_stage_waits_until_the_one_before_is_ready(drive: Callable[..., Driven], tmp_path: Path) -> None:
    slow = {
        "name": "a",
        "script": "sleep 0.4; echo ready a >> diary; touch go; sleep 60",
        "ready": str(tmp_path / "go"),
    }
    driven = drive([slow], [polite("b")])
    time.sleep(0.2)
    assert driven.diary() == ["ready a", "start b"]


def test_a_child_that_is_killed_is_started_again_and_reported(
    drive: Callable[..., Driven], eventually: Callable[..., None]
) -> None:
    driven = drive([polite("a")])
    before = driven.child("a")
    os.kill(before["pid"], signal.SIGKILL)
    eventually(lambda: driven.child("a")["restarts"] == 1 and driven.child("a")["state"] == "running")
    assert driven.child("a")["pid"] != before["pid"]
    assert "a was ended by signal 9; starting it again in 0.5 s" in driven.said()


def test_a_child_that_keeps_dying_is_tried_less_and_less_and_told_only_at_first(
    drive: Callable[..., Driven], eventually: Callable[..., None]
) -> None:
    driven = drive([{"name": "a", "script": "sleep 0.2; exit 3"}])
    eventually(lambda: driven.child("a")["restarts"] >= 3, seconds=8)
    assert [line.rpartition(" in ")[2] for line in driven.said().splitlines()[1:]] == ["0.5 s", "1 s", "2 s"]


def test_what_a_killed_child_leaves_behind_is_gone_before_it_starts_again(
    drive: Callable[..., Driven], eventually: Callable[..., None], tmp_path: Path
) -> None:
    script = "sleep 300 & echo $! >> members; setsid sleep 300 & echo $! >> members; sleep 60"
    driven = drive([{"name": "a", "script": script}])
    members = tmp_path / "members"
    eventually(lambda: members.exists() and len(members.read_text().split()) == 2)
    first = [psutil.Process(int(pid)) for pid in members.read_text().split()]
    os.kill(driven.child("a")["pid"], signal.SIGKILL)
    eventually(lambda: driven.child("a")["restarts"] == 1 and driven.child("a")["state"] == "running")
    assert alive(first) == []


def test_a_death_while_starting_ends_everything_and_shows_its_last_words(drive: Callable[..., Driven]) -> None:
    driven = drive(
        [polite("a")], [{"name": "b", "script": "echo no such table; exit 4", "ready": "/nowhere"}], up=False
    )
    assert driven.process.wait(5) == 1
    assert "b ended with code 4 while starting:\n  no such table\n" in driven.said()
    assert driven.diary()[-1] == "stop a"


def test_a_child_that_is_never_ready_ends_the_start(drive: Callable[..., Driven]) -> None:
    driven = drive([{"name": "a", "script": "echo waiting; sleep 60", "ready": "/nowhere"}], up=False)
    assert driven.process.wait(10) == 1
    assert "a was not ready after 5 s:\n  waiting\n" in driven.said()


def test_a_child_that_does_not_want_to_end_is_killed_in_time(drive: Callable[..., Driven]) -> None:
    driven = drive([{"name": "a", "script": STUBBORN}])
    offspring = driven.offspring()
    driven.process.send_signal(signal.SIGINT)
    assert driven.process.wait(3) == 0
    assert alive(offspring) == []


def test_a_stop_while_starting_ends_what_was_started(drive: Callable[..., Driven]) -> None:
    driven = drive([polite("a")], [{"name": "b", "script": "sleep 60", "ready": "/nowhere"}], up=False)
    time.sleep(1)
    driven.process.terminate()
    assert driven.process.wait(5) == 0
    assert driven.diary() == ["start a", "stop a"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot tie a child to its parent's life")
def test_nothing_outlives_a_killed_supervisor(drive: Callable[..., Driven], eventually: Callable[..., None]) -> None:
    driven = drive([polite("a")], [{"name": "b", "script": "exec sleep 300"}])
    children = psutil.Process(driven.process.pid).children()
    driven.process.kill()
    eventually(lambda: not alive(children))


def pulsing(name: str, folder: Path, before: str = "") -> dict[str, str]:
    pulse = folder / f"{name}.pulse"
    return {"name": name, "script": before + PULSING.format(pulse=pulse), "pulse": str(pulse)}


def test_a_child_that_hangs_is_said_to_be_silent_and_then_started_again(
    drive: Callable[..., Driven], eventually: Callable[..., None], tmp_path: Path
) -> None:
    driven = drive([pulsing("a", tmp_path), pulsing("b", tmp_path)])
    time.sleep(3)
    before, beside = driven.child("a"), driven.child("b")
    os.kill(before["pid"], signal.SIGSTOP)
    eventually(lambda: driven.child("a")["state"] == "silent", seconds=10)
    assert driven.child("a")["pid"] == before["pid"]
    eventually(lambda: driven.child("a")["restarts"] == 1 and driven.child("a")["state"] == "running", seconds=15)
    assert driven.child("a")["pid"] != before["pid"]
    assert driven.child("a")["why"] in driven.said()
    assert "a is silent, for" in driven.said()
    assert "; starting it again in 0.5 s" in driven.said()
    assert driven.child("b") == beside


def test_a_child_that_answers_again_in_time_is_left_alone(
    drive: Callable[..., Driven], eventually: Callable[..., None], tmp_path: Path
) -> None:
    driven = drive([pulsing("a", tmp_path)])
    time.sleep(3)
    before = driven.child("a")
    os.kill(before["pid"], signal.SIGSTOP)
    eventually(lambda: driven.child("a")["state"] == "silent", seconds=10)
    os.kill(before["pid"], signal.SIGCONT)
    eventually(lambda: driven.child("a")["state"] == "running", seconds=10)
    assert (driven.child("a")["pid"], driven.child("a")["restarts"]) == (before["pid"], 0)
    assert "a answers again" in driven.said()


def test_what_a_child_started_and_somebody_stopped_is_ended_and_the_child_goes_on(
    drive: Callable[..., Driven], eventually: Callable[..., None], tmp_path: Path
) -> None:
    members = tmp_path / "members"
    driven = drive([pulsing("a", tmp_path, before=f"sleep 300 & echo $! >> {members}; ")])
    eventually(lambda: members.exists() and len(members.read_text().split()) == 1)
    stopped = psutil.Process(int(members.read_text()))
    before = driven.child("a")
    stopped.suspend()
    eventually(lambda: alive([stopped]) == [], seconds=15)
    assert driven.child("a") == before
    assert f"a: process {stopped.pid} was stopped by a signal and stayed so; it is ended" in driven.said()


def test_a_supervisor_that_was_away_itself_blames_nobody(drive: Callable[..., Driven], tmp_path: Path) -> None:
    driven = drive([pulsing("a", tmp_path)])
    time.sleep(3)
    before = driven.child("a")
    for _ in range(2):
        driven.process.send_signal(signal.SIGSTOP)
        time.sleep(5)
        driven.process.send_signal(signal.SIGCONT)
        time.sleep(2.5)
    assert driven.child("a") == before
    assert driven.process.poll() is None
