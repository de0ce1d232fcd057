"""What axe-core holds against dialogs and a lost link; whole pages stand in test_pages.py, themes in test_config.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.axe import findings

if TYPE_CHECKING:
    from tests.browser.chromium import Screen


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
