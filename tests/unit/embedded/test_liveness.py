"""Who is hung: as far as anybody was there to listen."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from deploy.embedded import liveness, pulse
from deploy.embedded.child import Program
from deploy.embedded.liveness import Listener, Liveness
from deploy.embedded.pulse import Pulse

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        patch.setattr(liveness.time, "monotonic", lambda: self.now)


def test_silence_counts_from_the_last_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, answers = Clock(monkeypatch), iter([True, False, False, True, False])
    listener = Listener(lambda: next(answers))
    silences = []
    for _ in range(5):
        clock.now += 2
        listener.ask()
        silences.append(listener.silent_s)
    assert silences == [0, 2, 4, 0, 2]


def test_a_time_in_which_nobody_listened_counts_as_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    listener = Listener(lambda: False, heard=True)
    clock.now += 86_400
    listener.ask()
    assert listener.silent_s == liveness.LONGEST_STEP_S
    assert not listener.is_hung(30)


@pytest.mark.parametrize(
    ("silent_s", "heard", "patience_s", "hung"),
    [
        (29, True, 30, False),
        (31, True, 30, True),
        (31, False, 30, False),
        (91, False, 30, True),
        (91, False, 120, False),
    ],
)
def test_who_has_not_answered_yet_has_longer(silent_s: float, patience_s: float, *, heard: bool, hung: bool) -> None:
    assert Listener(lambda: True, silent_s, heard).is_hung(patience_s) == hung


def test_one_that_is_started_anew_is_silent_for_no_time() -> None:
    listener = Listener(lambda: False, silent_s=50, heard=True)
    listener.begin()
    assert (listener.silent_s, listener.heard) == (0, False)


def test_whom_nobody_can_ask_is_never_hung() -> None:
    everybody = Liveness(1)
    everybody.listen([Program("a", (), {})])
    assert (everybody.silent_s("a"), everybody.is_hung("a")) == (0, False)


def test_a_pulse_is_felt_once_for_each_touch_whatever_its_clock_says(tmp_path: Path) -> None:
    path = tmp_path / "pulse"
    feel = Pulse(path)
    assert not feel()
    path.touch()
    assert [feel(), feel()] == [True, False]
    os.utime(path, (0, 1000))  # the clock was put back
    assert [feel(), feel()] == [True, False]


def test_a_process_beats_where_its_environment_says_and_nowhere_else(tmp_path: Path) -> None:
    pulse.beat({})
    pulse.beat({pulse.PULSE: str(tmp_path / "pulse")})
    feel = Pulse(tmp_path / "pulse")
    time.sleep(3 * pulse.EVERY_S)
    assert feel()
    time.sleep(3 * pulse.EVERY_S)
    assert feel()
