"""What a person sees while nothing can be read: one notice, panels that say so and come back, an address that holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.browser.axe import findings
from tests.browser.test_backlinks import OURS, cards, links, page, show
from tests.browser.test_trouble import postgres_away

if TYPE_CHECKING:
    from tests.browser.chromium import Screen
    from tests.browser.site import Site
    from tests.support import Services

__all__ = ["links", "page"]  # fixtures


def test_panels_that_cannot_be_read_are_told_once_and_show_what_the_address_says_in_the_end(
    page: Screen, site: Site, services: Services
) -> None:
    before = show(page, OURS)
    with postgres_away(services, site):
        page.run("MissionControl.address.put({from: 'now-20d'})")
        page.until(lambda: len(page.all(".retry")) > 5)
        page.until(lambda: "temporarily unavailable" in page.text("[data-toasts]"))
        assert len(page.all(".toast")) == 1
        assert "panels)" in page.text(".toast")
        assert all("Retry now" in one.text for one in page.all(".retry"))
        assert cards(page) == before  # what stood there stays
        assert findings(page) == []
    page.until(lambda: not page.all(".retry") and not page.all(".toast"), seconds=90)
    assert cards(page) != before
    assert cards(page) == show(page, OURS.replace("now-30d", "now-20d"))


def test_a_panel_is_asked_again_at_once_when_it_is_pressed(page: Screen, site: Site, services: Services) -> None:
    show(page, OURS)
    with postgres_away(services, site):
        page.run("MissionControl.address.put({from: 'now-19d'})")
        page.until(lambda: page.all("#backlinks-cards .retry button"))
    page.run("setInterval(() => document.querySelectorAll('.retry button').forEach((one) => one.click()), 500)")
    page.until(lambda: not page.all(".retry"), seconds=20)


def test_a_closed_notice_stays_closed_and_the_same_words_are_one_message(page: Screen) -> None:
    show(page, OURS)
    page.run("""const {toast} = MissionControl; for (let i = 0; i < 15; i += 1) toast('It failed', 'critical')""")
    assert len(page.all(".toast")) == 1
    assert "It failed (15 times)" in page.text(".toast")
