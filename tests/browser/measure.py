"""What is wrong with a page on a screen, as measure.js finds it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.browser.chromium import TOUCHED

if TYPE_CHECKING:
    from tests.browser.chromium import Screen

MEASURE = (Path(__file__).parent / "measure.js").read_text(encoding="utf-8")
LEAST_TEXT = {"wall": 21, "desk-1440": 11, "desk-1080": 11, "phone": 11}
# A television that says it has half its pixels is read from afar at twice the size.
LEAST_TEXT |= {"ultrawide": 11, "laptop": 11, "tablet": 11, "kiosk": 10.5}
TOUCH = 44
NO_FAULTS: dict[str, list[Any]] = {"small": [], "cut": [], "over": [], "spilt": [], "tiny": [], "clash": []}


def measured(screen: Screen, size: str) -> dict[str, Any]:
    """What is found once the page has taken its new size; a fault that stays for two seconds is one.

    `faults` by kind, in words; `wide` and `tall`: pixels beyond the screen; `figure`: pixels of the smallest
    key figure.
    """
    for _ in range(4):
        found: dict[str, Any] = screen.run(MEASURE, LEAST_TEXT[size] - 0.1, TOUCH if size in TOUCHED else 0)
        if found["faults"] == NO_FAULTS and found["wide"] <= 0:
            break
        time.sleep(0.5)
    return found
