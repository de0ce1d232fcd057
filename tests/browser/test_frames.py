"""The one frame around every panel: its menu, by keyboard, on every page; and who needs it: the manager who takes all
tables away, the operator who has no mouse."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from selenium.webdriver.common.keys import Keys

from tests.browser import states
from tests.browser.pages import paths
from tests.browser.test_backlinks import OURS, links
from tests.browser.test_domains import market
from tests.browser.test_pages import settle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher

__all__ = ["links", "market"]  # fixtures: rows for the pages to show

PANELS = """return [...document.querySelectorAll('.page .panel-head')].filter((e) => e.closest('.panel').id)
  .map((head) => [head.closest('.panel').id, head.querySelectorAll('.menu-mark').length])"""
TAKEN = """const done = arguments[arguments.length - 1];
const found = [...document.querySelectorAll('.menu a[data-export]')].map((link) => link.href);
Promise.all(found.map(async (href) => {
  const answer = await fetch(href, { credentials: 'same-origin' });
  const size = (await answer.arrayBuffer()).byteLength;
  return [new URL(href).pathname, answer.status, answer.headers.get('Content-Disposition') || '', size];
})).then(done)"""
FORMS = ("csv", "json", "parquet", "xlsx")


def opened(screen: Screen, panel: str) -> None:
    mark = screen.one(f"#panel-{panel} .menu-mark")
    screen.run("arguments[0].scrollIntoView({ block: 'center' })", mark)
    mark.send_keys(Keys.ENTER)
    screen.until(lambda: screen.one(f"#panel-{panel} .dropdown-menu").is_displayed())


def chosen(screen: Screen, panel: str, entry: str) -> None:
    """By keyboard: opens the menu, walks down to the entry and presses it."""
    opened(screen, panel)
    for _ in range(15):
        screen.run("return document.activeElement").send_keys(Keys.ARROW_DOWN)
        if screen.run("return document.activeElement.textContent") == entry:
            break
    else:
        pytest.fail(f"no entry {entry}")
    screen.run("return document.activeElement").send_keys(Keys.ENTER)


@pytest.mark.parametrize("path", [path for path in paths() if path not in {"/kit", "/404"}])
def test_every_panel_of_every_page_has_one_menu_with_a_sentence(screen: Screen, path: str) -> None:
    screen.sign_in("admin")
    screen.go(path)
    found = screen.run(PANELS)
    assert found
    assert [name for name, menus in found if menus != 1] == []
    sentences = screen.run(
        "return [...document.querySelectorAll('.menu-words:first-of-type')].map((e) => e.textContent)"
    )
    assert all(len(words.split()) > 5 for words in sentences), sentences


@pytest.mark.usefixtures("links", "market")
def test_the_manager_takes_every_table_of_every_page_as_a_file(screen: Screen) -> None:
    screen.sign_in("manager")
    screen.driver.set_script_timeout(60)
    took: set[str] = set()
    for path in paths():
        screen.go({"/backlinks": OURS}.get(path, path))
        found: list[Any] = screen.driver.execute_async_script(TAKEN)
        assert [each for each in found if each[1] != 200 or "attachment" not in each[2] or not each[3]] == []
        took |= {name for name, *_ in found}
    datasets = {name.rpartition(".")[0] for name in took}
    assert len(datasets) > 20
    assert {f"{name}.{form}" for name in datasets for form in FORMS} == took


def thirteen(now: int) -> dict[str, Any]:
    """Thirteen groups of alerts wait for somebody."""
    state = states.busy(now)
    group = state["alerts"]["Spam influx"]
    groups = {f"G{at}": group | {"id": at, "rule": f"Rule {at}", "since": now - at * 1000} for at in range(13)}
    return state | {"alerts": groups, "alarms": {"groups": 13, "alerts": 39, "critical": 0, "info": 0, "taken": 0}}


def test_the_operator_reads_and_takes_on_every_alert_without_a_mouse(screen: Screen, publisher: Publisher) -> None:
    publisher.state = thirteen
    screen.go("/")
    screen.until(lambda: screen.text("#panel-card-alerts .card-number") == "13")
    chosen(screen, "alerts", "Full screen")
    titles = "return [...document.querySelectorAll('#panel-alerts .failure:not([hidden]) .failure-title')]"
    screen.until(lambda: len(screen.run(titles)) == 13)
    reached: list[str] = []
    acks = 0
    screen.one("#panel-alerts .menu-mark").send_keys(Keys.TAB)
    for _ in range(40):
        here = screen.run(
            "const e = document.activeElement; return [e.className, e.textContent, e.closest('#panel-alerts') !== null]"
        )
        if not here[2]:
            break
        if reached and here[1] == reached[0]:
            break  # round again
        reached += [here[1]] if "failure-title" in here[0] else []
        acks += "ack" in here[0].split()
        seen = "const r = document.activeElement.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight"
        assert screen.run(seen), here
        screen.run("return document.activeElement").send_keys(Keys.TAB)
    assert len(reached) == acks == 13
    screen.one("body").send_keys(Keys.ESCAPE)
    screen.until(lambda: not screen.all(".panel[data-zoomed]"))


def test_what_does_not_fit_is_counted_and_on_a_wall_shown_in_turn(screen: Screen, publisher: Publisher) -> None:
    publisher.state = thirteen
    screen.size("desk-1080")
    screen.go("/?kiosk")
    rest = ".panel-alerts .rest"
    screen.until(lambda: "more" in screen.text(rest))
    first = screen.text(rest)
    assert " of 13 · +" in first
    began = time.monotonic()
    screen.until(lambda: "–" in screen.text(rest), seconds=40)
    assert time.monotonic() - began < 40
    assert screen.text(rest).endswith(" of 13")


def test_a_panel_is_copied_as_rows_and_as_a_link_that_leads_to_it(screen: Screen) -> None:
    grant = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": screen.site.url}
    screen.driver.execute_cdp_cmd("Browser.grantPermissions", grant)
    screen.go("/missions?from=now-7d&to=now")
    screen.until(lambda: "LP-4821" in screen.text("#panel-board"))
    read = "const done = arguments[0]; navigator.clipboard.readText().then(done, (e) => done(String(e)))"
    chosen(screen, "board", "Copy as data")
    screen.until(lambda: "copied" in screen.text(".toasts"))
    rows = screen.driver.execute_async_script(read).splitlines()
    assert rows[0].split("\t")[:3] == ["Mission", "Status", "Type"]
    assert len(rows) == 1 + len(states.busy(0)["active_jobs"])
    chosen(screen, "failures", "Copy link")
    screen.until(lambda: "link to" in screen.text(".toasts"))
    link = screen.driver.execute_async_script(read)
    assert link.endswith("/missions?from=now-7d&to=now#panel-failures")
    screen.go(link.removeprefix(screen.site.url))
    screen.until(lambda: screen.all("#panel-failures[data-found]"))


@pytest.mark.usefixtures("links")
def test_a_chart_is_saved_as_a_picture_and_copied_as_its_numbers(screen: Screen, tmp_path: Path) -> None:
    folder = {"behavior": "allow", "downloadPath": str(tmp_path)}
    screen.driver.execute_cdp_cmd("Browser.setDownloadBehavior", folder)
    screen.go(OURS)
    settle(screen)
    chosen(screen, "backlinks-velocity", "Save picture")
    screen.until(lambda: list(tmp_path.glob("*.png")))
    [picture] = tmp_path.glob("link-velocity*.png")
    assert picture.read_bytes().startswith(b"\x89PNG")
    chosen(screen, "backlinks-velocity", "Copy as data")
    screen.until(lambda: "Link velocity" in screen.text(".toasts"))
    assert screen.complaints() == []
