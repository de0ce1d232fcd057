"""What is wrong with a page on a screen, as measure.js finds it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.browser.chromium import Screen

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
LEAST_TEXT = {"wall": 21, "desk-1440": 11, "desk-1080": 11, "phone": 11}
TOUCH = 44
NO_FAULTS: dict[str, list[Any]] = {"small": [], "cut": [], "over": [], "spilt": [], "tiny": [], "clash": []}


def measured(screen: Screen, size: str) -> dict[str, Any]:
    """What is found once the page has taken its new size; a fault that stays for two seconds is one.

    `faults` by kind, in words; `wide` and `tall`: pixels beyond the screen; `figure`: pixels of the smallest
    key figure.
    """
    for _ in range(4):
        found: dict[str, Any] = screen.run(MEASURE, LEAST_TEXT[size] - 0.1, TOUCH if size == "phone" else 0)
        if found["faults"] == NO_FAULTS and found["wide"] <= 0:
            break
        time.sleep(0.5)
    return found
