"""A real Chromium, and what a person would look at in it."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from selenium.webdriver.remote.webelement import WebElement

    from tests.browser.site import Site

SCREENS = {"wall": (3840, 2160), "desk-1440": (2560, 1440), "desk-1080": (1920, 1080), "phone": (430, 932)}
# Beside those that every page is looked at on.
MORE_SCREENS = {"ultrawide": (3440, 1440), "laptop": (1366, 768), "tablet": (820, 1180), "kiosk": (1920, 1080)}
TOUCHED = ("phone", "tablet")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
BROWSERS = ("chromium", "google-chrome", "chromium-browser")
# On a machine that does much else, TEST_PATIENCE=4 waits four times as long.
PATIENCE = float(os.environ.get("TEST_PATIENCE", "1"))
# The people of the tests were offered the guide before, but where a test is about it.
_SEEN = """if (location.protocol.startsWith("http") && !localStorage.getItem("mission-control-guide")) {
  localStorage.setItem("mission-control-guide",
    JSON.stringify(["viewer", "operator", "manager", "admin"].map((role) => role + "@example.org")));
}"""
# What a browser says of a server that is away: the banner says it to the person.
OUTAGES = ("WebSocket connection to", "ERR_CONNECTION_REFUSED", "503 (")


def start(profile: Path) -> webdriver.Chrome:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if not browser or not driver:
        absent = "Browser tests need Chromium and its driver: install the packages chromium and chromium-driver."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(absent)
    options = Options()
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.binary_location = browser
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(service=Service(driver), options=options)
    chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _SEEN})
    return chrome


class Screen:
    """One browser in front of the site."""

    def __init__(self, driver: webdriver.Chrome, site: Site) -> None:
        self.driver = driver
        self.site = site

    def size(self, name: str) -> None:
        width, height = (SCREENS | MORE_SCREENS)[name]
        touched = name in TOUCHED
        metrics = {"width": width, "height": height, "deviceScaleFactor": 2 if touched else 1, "mobile": touched}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def sign_in(self, role: str) -> None:
        self.driver.delete_all_cookies()
        for name, value in self.site.session(role).items():
            self.driver.execute_cdp_cmd("Network.setCookie", {"name": name, "value": value, "url": self.site.url})

    def go(self, path: str, *, link: str = "live") -> None:
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get(self.site.url + path)
        self.until(lambda: self.all(".page") and self.link == link)
        self.until(lambda: self.run("return MissionControl.isWhole()"))

    @property
    def link(self) -> str:
        return str(self.run("return document.documentElement.dataset.link"))

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def one(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return str(self.run("const e = document.querySelector(arguments[0]); return e ? e.innerText : ''", selector))

    def until(self, question: Callable[[], object], *, seconds: float = 15) -> float:
        """Waits until it is so; the seconds that took."""
        began, seconds = time.monotonic(), seconds * PATIENCE
        while not _so(question):
            assert time.monotonic() - began < seconds, (
                f"not so after {seconds} s; link {self.link}, console {self.complaints()}"
            )
            time.sleep(0.05)
        return time.monotonic() - began

    def complaints(self) -> list[str]:
        """What the console holds against us."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def own_complaints(self) -> list[str]:
        """The same without what an outage alone explains."""
        return [said for said in self.complaints() if not any(outage in said for outage in OUTAGES)]


def desk(driver: webdriver.Chrome, site: Site) -> Screen:
    """A signed-in operator's desk in front of the site."""
    screen = Screen(driver, site)
    screen.size("desk-1080")
    screen.sign_in("operator")
    return screen


def _so(question: Callable[[], object]) -> bool:
    """Whether it is so now; a page that changed while it was asked is asked again."""
    try:
        return bool(question())
    except StaleElementReferenceException:
        return False
