"""The one scale of status."""

from __future__ import annotations

from data.status import SCALE, worst


def test_the_worst_of_nothing_is_off() -> None:
    assert worst([]) == "off"
    assert worst(["normal", "critical", "off"]) == "critical"


def test_each_is_worse_than_those_before_it() -> None:
    assert [status.value for status in SCALE] == ["off", "standby", "normal", "caution", "serious", "critical"]
    assert all(worst([milder, harsher]) is harsher for at, harsher in enumerate(SCALE) for milder in SCALE[: at + 1])
