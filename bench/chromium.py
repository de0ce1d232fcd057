"""A real Chromium that is signed in, and what went over its wire."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import httpx
import psutil
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

if TYPE_CHECKING:
    from bench.stack import Stack

# Notes when the tile of running missions first shows a number, painted from the state that came with the page, and when
# the socket has taken over; and adds up how far things moved under the eyes of whoever reads.
LIVE_PROBE = """
(() => {
  const look = () => {
    const tile = document.querySelector('[data-live="summary.active_jobs"]');
    if (tile && /\\d/.test(tile.textContent)) window.__live = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const listen = () => {
    if (document.documentElement.dataset.link === "live") window.__linked = performance.now();
    else requestAnimationFrame(listen);
  };
  requestAnimationFrame(listen);
  window.__shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((one) => {
    if (!one.hadRecentInput) window.__shift += one.value;
  })).observe({ type: "layout-shift", buffered: true });
})();
"""


QUIET_S, LONGEST_S = 1.5, 20.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that the page made."""

    url: str
    headers: dict[str, str]
    body: str


class Chromium:
    def __init__(self, stack: Stack) -> None:
        options = ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1920,1080"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
        self.driver = Chrome(service=Service(shutil.which("chromedriver") or "chromedriver"), options=options)
        self._stack = stack
        self.driver.execute_cdp_cmd("Network.enable", {})
        for name, value in session(stack).items():
            self.driver.execute_cdp_cmd("Network.setCookie", {"name": name, "value": value, "url": stack.url})
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LIVE_PROBE})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.driver.quit()

    def forget(self) -> None:
        """An empty cache, as on a first visit; still signed in."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCache", {})

    def visit(self, path: str) -> list[dict[str, Any]]:
        """Opens a page and returns the events of its network, until it asked nothing for `QUIET_S`."""
        self.driver.get_log("performance")
        self.driver.get(self._stack.url + path)
        events, heard, end = list[dict[str, Any]](), time.monotonic(), time.monotonic() + LONGEST_S
        while time.monotonic() < min(end, heard + QUIET_S):
            new = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
            if any(event["method"] in {"Network.requestWillBeSent", "Network.loadingFinished"} for event in new):
                heard = time.monotonic()
            events += new
            time.sleep(0.1)
        return events

    def live_after(self, seconds: float = 20) -> float:
        """Milliseconds from the click to live numbers on the screen."""
        return self._noted("__live", seconds)

    def linked_after(self, seconds: float = 20) -> float:
        """Milliseconds from the click until the screen says LIVE: the socket is open and has told something."""
        return self._noted("__linked", seconds)

    def _noted(self, name: str, seconds: float) -> float:
        deadline = time.monotonic() + seconds
        while (found := self.driver.execute_script(f"return window.{name}")) is None:
            if time.monotonic() > deadline:
                raise RuntimeError(f"no live number on the wall: {name}")
            time.sleep(0.02)
        return float(found)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 — whatever the script returns
        return self.driver.execute_script(script, *arguments)

    def shifted(self) -> float:
        """The cumulative layout shift of the page until now."""
        return float(self.run("return window.__shift"))

    def count_processor_time(self) -> None:
        """From now on `metrics` tell processor time: what other programs take of the machine does not count."""
        self.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})

    def metrics(self) -> dict[str, float]:
        """Chromium's own figures of the page; sizes in bytes, times in seconds."""
        found = self.driver.execute_cdp_cmd("Performance.getMetrics", {})
        return {each["name"]: float(each["value"]) for each in found["metrics"]}

    def processor_seconds(self) -> float:
        """What this browser's processes have taken of the processors since they began."""
        family = psutil.Process(self.driver.service.process.pid).children(recursive=True)
        return float(sum(sum(each.cpu_times()[:2]) for each in family))

    def callbacks(self, path: str) -> list[Asked]:
        """The callbacks that a page asks of the server while it opens, ready to be asked again."""
        asked = [
            event["params"]["request"] for event in self.visit(path) if event["method"] == "Network.requestWillBeSent"
        ]
        return [
            Asked(each["url"], _headers(each["headers"]), each["postData"])
            for each in asked
            if urlsplit(each["url"]).path == "/_dash-update-component" and "postData" in each
        ]


def session(stack: Stack) -> dict[str, str]:
    """The cookies of somebody who is signed in; the one-time link is used the first time."""
    if not stack.cookies:
        if stack.link is None:
            raise RuntimeError("set MISSION_CONTROL_LINK to a sign-in link of the instance")
        answer = httpx.get(stack.link)
        stack.cookies.update(dict(answer.cookies))
        if not stack.cookies:
            raise RuntimeError(f"the sign-in link did not sign in: {answer.status_code}")
    return stack.cookies


def bytes_received(events: list[dict[str, Any]]) -> float:
    """Bytes over the wire, headers included, compressed as they came."""
    return float(sum(e["params"]["encodedDataLength"] for e in events if e["method"] == "Network.loadingFinished"))


def _headers(sent: dict[str, str]) -> dict[str, str]:
    """Those that decide whether the server believes that its own page asks."""
    kept = {"content-type", "x-csrftoken", "accept", "origin", "referer"}
    return {name: value for name, value in sent.items() if name.lower() in kept} | {"Sec-Fetch-Site": "same-origin"}
