"""What axe-core holds against our pages, as WCAG 2.2 AA: nothing serious, nothing critical, on any page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.pages import paths

if TYPE_CHECKING:
    from tests.browser.chromium import Screen

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# Dash's own drop-down keeps a hidden target that passes the focus on to its button at once.
FOREIGN = ".dash-dropdown-focus-target"
RUN = """
const done = arguments[arguments.length - 1];
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const options = { runOnly: rules, resultTypes: ["violations"] };
axe.run({ exclude: [arguments[0]] }, options).then((found) => done(found.violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => one.id + ": " + one.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " +
    (node.any[0] ? node.any[0].message : "")).join(" | "))));
"""


def findings(screen: Screen) -> list[str]:
    screen.run(AXE)
    return list(screen.driver.execute_async_script(RUN, FOREIGN))


@pytest.mark.parametrize("path", paths())
def test_a_page_keeps_nobody_out(screen: Screen, path: str) -> None:
    screen.sign_in("admin")
    for size in ("desk-1080", "phone"):
        screen.size(size)
        screen.go(path)
        assert findings(screen) == [], size


def test_dialogs_keep_nobody_out(screen: Screen) -> None:
    screen.go("/")
    screen.run("MissionControl.palette.toggle()")
    screen.until(lambda: screen.all(".finding"))
    assert findings(screen) == []
    screen.run("MissionControl.palette.toggle(); MissionControl.palette.help()")
    assert findings(screen) == []


def test_a_lost_link_is_told_to_everybody(screen: Screen) -> None:
    screen.go("/")
    screen.run(
        "MissionControl.live.link.lastFrame = Date.now() - 60000; document.documentElement.dataset.link = 'lost'"
    )
    assert screen.one('[data-banner="box"]').get_attribute("role") == "alert"
    assert findings(screen) == []
