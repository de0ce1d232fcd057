"""What axe-core holds against a page, as WCAG 2.2 AA: only what is serious or critical."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.browser.chromium import Screen

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# Dash's own drop-down keeps a hidden target that passes the focus on to its button at once; its date picker says on a
# plain box whether its calendar is open.
FOREIGN = ".dash-dropdown-focus-target, #time-days-wrapper"
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
