"""The control of time in an analyst's hands: calendar, words, steps, keyboard, thumb; and what it leads to."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.browser import chromium
from tests.browser.axe import findings
from tests.browser.test_backlinks import OURS, cards, chart_event, links, page, says, show, span

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.chromium import Screen
    from tests.browser.site import Site

__all__ = ["links", "page"]  # fixtures
OPEN, BODY = "[data-time-open]", "#time-body"
PAGES = ("/missions", "/backlinks", "/domains", "/domains/acme.io", "/quotas")


def today() -> date:
    return datetime.now(UTC).date()


def open_control(screen: Screen) -> None:
    screen.one(OPEN).click()
    screen.until(lambda: screen.one(BODY).is_displayed())


def type_into(screen: Screen, field: str, words: str) -> None:
    box = screen.one(f"#{field}")
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys(words)


def pick_day(screen: Screen, day: date) -> None:
    """A click on a day of Dash's calendar, which shows the month of the range."""
    label = f"{day.day}"
    days = ".dash-datepicker-content td.dash-datepicker-calendar-date-inside"
    screen.until(lambda: screen.all(days))
    next(one for one in screen.all(days) if one.text.strip() == label).click()  # of the first month that is shown


def press(screen: Screen, selector: str) -> None:
    screen.until(lambda: screen.one(selector).get_attribute("aria-disabled") == "false")
    screen.one(selector).click()


def test_an_analyst_picks_zooms_filters_steps_exports_and_sends_what_they_see(
    page: Screen, site: Site, tmp_path: Path
) -> None:
    month = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
    first, last = month.replace(day=3), month.replace(day=17)
    show(page, f"/backlinks?from={last}&to={last}&var-target=ours.example&var-vs=rival.example")
    open_control(page)
    page.one("#time-first-day").click()
    for day in (first, last):
        pick_day(page, day)
    page.until(lambda: page.one("#time-to").get_attribute("value") == str(last))
    assert page.one("#time-from").get_attribute("value") == str(first)
    page.until(lambda: not page.all(".dash-datepicker-content"))  # it closes with the second day
    page.one("#time-apply").click()
    page.until(lambda: (says(page).get("from"), says(page).get("to")) == (str(first), str(last)))
    assert page.text(OPEN) == f"{first} → {last}"
    page.until(lambda: span(page, "backlinks-velocity") == [str(first), "15"])

    left, right = first + timedelta(days=5), first + timedelta(days=11)
    zoom = "Plotly.relayout(gd, {'xaxis.range[0]': arguments[0], 'xaxis.range[1]': arguments[1]})"
    chart_event(page, "backlinks-velocity", zoom, f"{left} 00:00", f"{right} 00:00")
    page.until(lambda: (says(page)["from"], says(page)["to"]) == (str(left), str(right)))
    page.run("MissionControl.address.put({'var-type': 'follow'})")
    page.until(lambda: says(page).get("var-type") == "follow")
    press(page, "[data-time-shift='-1']")
    week = (left - timedelta(days=7), right - timedelta(days=7))
    page.until(lambda: (says(page)["from"], says(page)["to"]) == (str(week[0]), str(week[1])))
    page.until(lambda: span(page, "backlinks-velocity") == [str(week[0]), "7"])

    address = page.run("""const file = document.querySelector('#panel-backlinks-velocity a[data-export]');
      file.addEventListener('click', (event) => event.preventDefault()); file.click(); return file.href""")
    asked = {name: value[0] for name, value in parse_qs(urlsplit(str(address)).query).items()}
    assert (asked["from"], asked["to"], asked["type"]) == (str(week[0]), str(week[1]), "follow")
    file = page.run("return fetch(arguments[0]).then((answer) => answer.text())", address)
    rows = list(csv.reader(io.StringIO(str(file))))
    assert len(rows) == 1 + 7
    mine, link = cards(page), page.driver.current_url
    assert page.complaints() == []

    other = chromium.start(tmp_path)  # another browser, another person
    try:
        second = chromium.Screen(other, site)
        second.size("desk-1080")
        second.sign_in("viewer")
        shown = show(second, link.removeprefix(site.url))
        assert shown == mine
        assert second.text(OPEN) == f"{week[0]} → {week[1]}"
        assert "follow" in second.text(".backlinks-head")
    finally:
        other.quit()


def test_zoom_out_goes_back_to_before_the_zoom_and_then_doubles(page: Screen) -> None:
    before = show(page, OURS)
    first, last = today() - timedelta(days=20), today() - timedelta(days=11)
    zoom = "Plotly.relayout(gd, {'xaxis.range[0]': arguments[0], 'xaxis.range[1]': arguments[1]})"
    chart_event(page, "backlinks-velocity", zoom, f"{first} 00:00", f"{last} 00:00")
    page.until(lambda: says(page).get("from") == str(first))
    page.driver.refresh()
    page.until(lambda: page.text(OPEN) == f"{first} → {last}")
    press(page, "[data-time-out]")
    page.until(lambda: says(page)["from"] == "now-30d" and cards(page) == before)
    page.run("MissionControl.address.put({from: arguments[0], to: arguments[1]})", str(first), str(last))
    press(page, "[data-time-out]")
    wide = (str(first - timedelta(days=5)), str(last + timedelta(days=5)))
    page.until(lambda: (says(page)["from"], says(page)["to"]) == wide)
    assert page.complaints() == []


@pytest.mark.parametrize("path", PAGES)
def test_every_page_with_time_takes_words_and_refuses_what_means_nothing(screen: Screen, path: str) -> None:
    screen.go(path)
    open_control(screen)
    type_into(screen, "time-from", "2026-10-32")
    screen.one("#time-apply").click()
    assert "From: must be a date" in screen.text("#time-fault")
    assert screen.one("#time-from").get_attribute("aria-invalid") == "true"
    type_into(screen, "time-from", "now-2d/d")
    type_into(screen, "time-to", f"now-1d/d{Keys.ENTER}")
    screen.until(lambda: (says(screen).get("from"), says(screen).get("to")) == ("now-2d/d", "now-1d/d"))
    assert not screen.one(BODY).is_displayed()
    press(screen, "[data-time-shift='-1']")
    days = tuple(str(today() - timedelta(days=back)) for back in (4, 3))
    screen.until(lambda: (says(screen)["from"], says(screen)["to"]) == days)
    assert "UTC" in screen.text("[data-time-zone]")
    assert screen.complaints() == []


def test_it_is_worked_by_keyboard_alone(screen: Screen) -> None:
    screen.go("/missions?from=now-7d&to=now")
    screen.run("document.querySelector('[data-time-open]').focus()")
    focused = "return document.activeElement.textContent"
    ActionChains(screen.driver).send_keys(Keys.ENTER).perform()
    screen.until(lambda: screen.run(focused) == "Last 7 days")
    assert screen.one(OPEN).get_attribute("aria-expanded") == "true"
    ActionChains(screen.driver).send_keys(Keys.ESCAPE).perform()
    screen.until(lambda: not screen.one(BODY).is_displayed())
    assert screen.run("return document.activeElement.hasAttribute('data-time-open')")
    ActionChains(screen.driver).send_keys(Keys.ENTER).perform()
    screen.until(lambda: screen.run(focused) == "Last 7 days")
    ActionChains(screen.driver).send_keys(Keys.TAB, Keys.ENTER).perform()
    screen.until(lambda: says(screen)["from"] == "now-30d")
    assert screen.run("return document.activeElement.hasAttribute('data-time-open')")


def test_refresh_is_chosen_and_off_stands_still(screen: Screen) -> None:
    screen.go("/missions")
    screen.run("""const select = document.getElementById('time-refresh'); select.value = 'off';
      select.dispatchEvent(new Event('change', {bubbles: true}))""")
    screen.until(lambda: says(screen).get("refresh") == "off" and screen.all(".time[data-still]"))
    assert screen.run("return MissionControl.preferences.refresh()") is None  # Infinity: JSON has none
    before = screen.text(".missions .cards")
    screen.run("return new Promise((done) => setTimeout(done, 3000))")
    stands = "const ages = /(LIVE|LATE|STALE|LOST).*/g; return arguments[0].replace(ages, '')"
    assert screen.run(stands, screen.text(".missions .cards")) == screen.run(stands, before)
    assert screen.link == "live"


@pytest.mark.parametrize("theme", ["night", "day"])
@pytest.mark.parametrize("size", ["desk-1080", "phone"])
def test_the_open_control_fits_and_keeps_nobody_out(screen: Screen, size: str, theme: str) -> None:
    screen.size(size)
    screen.go(f"/backlinks?theme={theme}")
    open_control(screen)
    box = screen.run("const b = document.getElementById('time-body').getBoundingClientRect(); return [b.left, b.right]")
    assert box[0] >= 0
    assert box[1] <= screen.run("return innerWidth")
    small = """return [...document.querySelectorAll('.time button, .time a, .time input, .time select')]
      .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML)"""
    if size == "phone":
        assert screen.run(small) == []
    assert findings(screen) == []
    screen.size("desk-1080")
