"""python -m bench.pictures [--settle SECONDS] [--pages /,/quotas]: every page as it looks, on every screen, by day and
by night, with data, empty and cut off.

Takes them of the instance that MISSION_CONTROL_URL and MISSION_CONTROL_LINK name, else of one with the simulator that
it starts and lets settle; the empty ones always of a fresh one. All of them go to `.pictures`, as WebP, to be looked
at; the few that people read about (`KEPT`) to docs/pictures, too.
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

ROOT = Path(__file__).parents[1]
FOLDER, DOCUMENTS = ROOT / ".pictures", ROOT / "docs" / "pictures"
SCREENS = {
    "4k": (3840, 2160),
    "ultrawide": (3440, 1440),
    "1440p": (2560, 1440),
    "1080p": (1920, 1080),
    "kiosk": (1920, 1080),
    "laptop": (1366, 768),
    "tablet": (820, 1180),
    "phone": (430, 932),
}
THEMES = ("night", "day")
PAGES = ("/", "/missions", "/backlinks", "/domains", "/domains/acme.io", "/quotas", "/screens", "/kit")
KEPT = {
    *(
        f"overview{state}-{screen}"
        for state in ("", "-empty", "-cut-off")
        for screen in ("4k", "1440p", "1080p", "phone")
    ),
    *("kit-1080p", "overview-kiosk", "backlinks-1080p", "backlinks-1080p-day", "domains-phone", "quotas-1080p-day"),
}
TOUCHED = ("tablet", "phone")
PHONE_PIXELS = 2  # of the device for one of the page
QUALITY = 82
PAINTED_S, CUT_S, PATIENCE_S = 2.0, 6.0, 180.0
DRAWN = """return document.querySelector('.page') && MissionControl.isWhole()
  && ![...document.querySelectorAll('.page:not(.kit) .skeleton')].some((e) => e.offsetParent)"""
KIOSK = "MissionControl.address.put({ kiosk: arguments[0] ? '' : null })"
LOST = "return document.documentElement.dataset.link === 'lost'"


@click.command()
@click.option("--settle", default=300.0, show_default=True, help="Seconds the simulator runs before the first picture.")
@click.option("--pages", default=",".join(PAGES), show_default=True, help="The pages to take, separated by commas.")
def main(*, settle: float, pages: str) -> None:
    """Make the pictures of every page."""
    for folder in (FOLDER, DOCUMENTS):
        folder.mkdir(parents=True, exist_ok=True)
    wanted = pages.split(",")
    with ExitStack() as exits:
        stack = running() or _settled(exits, settle)
        _round(stack, wanted, "")
        for path in wanted:
            with Chromium(stack) as browser:
                _open(browser, stack, path, "night")
                _cut(browser)
                _all(browser, f"{_name(path)}-cut-off", "night")
    with temporary_home() as home, started(home, simulate=False) as stack:
        _round(stack, wanted, "-empty")


def _round(stack: Stack, pages: list[str], state: str) -> None:
    with Chromium(stack) as browser:
        for theme in THEMES:
            for path in pages:
                _open(browser, stack, path, theme)
                _all(browser, _name(path) + state, theme)


def _name(path: str) -> str:
    return path.strip("/").replace("/", "-") or "overview"


def _settled(exits: ExitStack, seconds: float) -> Stack:
    home = exits.enter_context(temporary_home())
    stack = exits.enter_context(started(home, simulate=True))
    time.sleep(seconds)
    return stack


def _open(browser: Chromium, stack: Stack, path: str, theme: str) -> None:
    _size(browser, "1080p")
    browser.driver.get(f"{stack.url}{path}?theme={theme}")
    _until(browser, DRAWN)


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
    (width, height), touched = SCREENS[screen], screen in TOUCHED
    metrics = {"width": width, "height": height, "deviceScaleFactor": PHONE_PIXELS if touched else 1, "mobile": touched}
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def _all(browser: Chromium, name: str, theme: str) -> None:
    for screen in SCREENS:
        browser.driver.execute_script(KIOSK, screen == "kiosk")
        _size(browser, screen)
        time.sleep(PAINTED_S)
        _take(browser, f"{name}-{screen}" + ("" if theme == "night" else f"-{theme}"))
    browser.driver.execute_script(KIOSK, False)


def _take(browser: Chromium, name: str) -> None:
    asked = {"format": "webp", "quality": QUALITY}
    picture = base64.b64decode(browser.driver.execute_cdp_cmd("Page.captureScreenshot", asked)["data"])
    for folder in (FOLDER, *([DOCUMENTS] if name in KEPT else [])):
        (folder / f"{name}.webp").write_bytes(picture)
    print(f"{name}: {len(picture) // 1024} kB", file=sys.stderr)


if __name__ == "__main__":
    main()
