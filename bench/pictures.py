"""python -m bench.pictures [--settle SECONDS]: the overview as it looks, on every screen, with data, empty and cut off.

Takes them of the instance that MISSION_CONTROL_URL and MISSION_CONTROL_LINK name, else of one with the simulator that
it starts and lets settle; the empty ones always of a fresh one. Into docs/pictures, as WebP.
"""

from __future__ import annotations

import base64
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import click

from bench.chromium import Chromium
from bench.stack import Stack, running, started, temporary_home

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
SCREENS = {"4k": (3840, 2160), "1440p": (2560, 1440), "1080p": (1920, 1080), "phone": (430, 932)}
PHONE_PIXELS = 2  # of the device for one of the page
QUALITY = 82
PAINTED_S, CUT_S, PATIENCE_S = 4.0, 6.0, 180.0
FILLED = "const e = document.querySelector('.card-number'); return Boolean(e && /\\d/.test(e.textContent))"
LOST = "return document.documentElement.dataset.link === 'lost'"


@click.command()
@click.option("--settle", default=300.0, show_default=True, help="Seconds the simulator runs before the first picture.")
def main(*, settle: float) -> None:
    """Make the pictures of docs/pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ExitStack() as exits:
        stack = running() or _settled(exits, settle)
        with Chromium(stack) as browser:
            _open(browser, stack, "/")
            _all(browser, "overview")
            _cut(browser)
            _all(browser, "overview-cut-off")
        with Chromium(stack) as browser:
            _open(browser, stack, "/kit")
            _take(browser, "kit", "1080p")
    with temporary_home() as home, started(home, simulate=False) as stack, Chromium(stack) as browser:
        _open(browser, stack, "/")
        _all(browser, "overview-empty")


def _settled(exits: ExitStack, seconds: float) -> Stack:
    home = exits.enter_context(temporary_home())
    stack = exits.enter_context(started(home, simulate=True))
    time.sleep(seconds)
    return stack


def _open(browser: Chromium, stack: Stack, path: str) -> None:
    _size(browser, "4k")
    browser.driver.get(stack.url + path)
    _until(browser, FILLED)


def _until(browser: Chromium, question: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not browser.driver.execute_script(question):
        if time.monotonic() > end:
            raise RuntimeError(f"not so after {PATIENCE_S:.0f} s: {question}")
        time.sleep(0.2)
    time.sleep(PAINTED_S)


def _cut(browser: Chromium) -> None:
    """The page loses its server; what it shows then is what an operator sees when the cable is pulled."""
    nothing = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    browser.driver.execute_cdp_cmd("Network.emulateNetworkConditions", nothing)
    browser.driver.execute_script("MissionControl.live.link.url = null; MissionControl.live.link.socket.close()")
    _until(browser, LOST)
    time.sleep(CUT_S)


def _size(browser: Chromium, screen: str) -> None:
    width, height = SCREENS[screen]
    phone = screen == "phone"
    metrics = {"width": width, "height": height, "deviceScaleFactor": PHONE_PIXELS if phone else 1, "mobile": phone}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    time.sleep(PAINTED_S)


def _all(browser: Chromium, name: str) -> None:
    for screen in SCREENS:
        _take(browser, name, screen)


def _take(browser: Chromium, name: str, screen: str) -> None:
    _size(browser, screen)
    asked = {"format": "webp", "quality": QUALITY}
    picture = base64.b64decode(browser.driver.execute_cdp_cmd("Page.captureScreenshot", asked)["data"])
    path = FOLDER / f"{name}-{screen}.webp"
    path.write_bytes(picture)
    print(f"{path.name}: {len(picture) // 1024} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
