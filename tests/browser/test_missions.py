"""The Missions page in an operator's and a viewer's hands."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys
from sqlalchemy import text

from data.db import transaction
from data.missions import commands
from tests.callers import commanded

if TYPE_CHECKING:
    from tests.browser.chromium import Screen
    from tests.browser.site import Site

TARGET = "input[placeholder='acme.io']"


@pytest.fixture
def job(site: Site) -> str:
    made = commanded(
        site.services, commands.submit, job_type="domain_audit", target_url="acme.io", config={"max_pages": 9}
    )
    return str(made["job_id"])


def fill(screen: Screen, selector: str, words: str) -> None:
    box = screen.one(selector)
    box.send_keys(Keys.CONTROL, "a")
    box.send_keys(words)


def press(screen: Screen, label: str) -> None:
    [button] = [one for one in screen.all(".detail-actions button") if one.text == label]
    button.click()


def test_a_mission_is_submitted_from_the_form_and_a_wrong_field_is_named(screen: Screen, site: Site) -> None:
    screen.go("/missions")
    screen.until(lambda: screen.all(TARGET))
    fill(screen, TARGET, "no domain at all")
    screen.one("#missions-submit").click()
    screen.until(lambda: "target url: must be" in screen.text(".form"))
    fill(screen, TARGET, "northwind.example")
    screen.one(TARGET).send_keys(Keys.ENTER)
    screen.until(lambda: "is queued" in screen.text(".toasts"))
    assert "must be" not in screen.text(".form")
    with transaction(site.services.engine) as connection:
        row = connection.execute(
            text("select status, submitted_by from crawl_jobs where target_url = 'northwind.example'")
        )
        assert tuple(row.one()) == ("queued", "operator@example.org")
    assert screen.complaints() == []


def test_one_click_draws_the_mission_once(screen: Screen, job: str) -> None:
    """From the command's own answer; that the live state says the same a moment later draws nothing."""
    screen.go(f"/missions?job={job}")
    screen.until(lambda: "QUEUED" in screen.text(".drawer"))
    screen.run(
        """globalThis.drawn = [];
        const ask = globalThis.fetch;
        globalThis.fetch = (resource, options) => {
          if (String(options?.body).includes('"missions-detail"')) globalThis.drawn.push(resource);
          return ask(resource, options);
        };"""
    )
    press(screen, "Pause")
    screen.until(lambda: "PAUSED" in screen.text(".drawer"))
    told = f"return document.querySelector('[data-live-feed=\"active_jobs.{job}.status\"]') !== null"
    assert screen.run(told), "the drawer follows the live state"
    time.sleep(3)  # the state is published each second
    assert len(screen.run("return globalThis.drawn")) == 1


def test_a_mission_opens_by_its_address_and_does_what_its_buttons_say(screen: Screen, job: str) -> None:
    screen.go(f"/missions?job={job}")
    screen.until(lambda: "QUEUED" in screen.text(".drawer"))
    said = screen.text(".drawer")
    assert "acme.io" in said
    assert "Max pages\n9" in said
    press(screen, "Pause")
    screen.until(lambda: "PAUSED" in screen.text(".drawer"))
    assert "pause by operator@example.org" in screen.text(".drawer")
    press(screen, "Resume")
    screen.until(lambda: "QUEUED" in screen.text(".drawer"))
    press(screen, "Cancel")
    screen.until(lambda: "CANCELLED" in screen.text(".drawer"))
    assert [one.text for one in screen.all(".detail-actions button")] == ["Retry"]
    screen.one("body").send_keys(Keys.ESCAPE)
    screen.until(lambda: not screen.one(".drawer").is_displayed())
    assert "job=" not in screen.driver.current_url
    assert screen.complaints() == []


def test_the_address_is_the_whole_state_of_the_page(screen: Screen, job: str) -> None:
    screen.go("/missions")
    screen.one("[data-time-open]").click()
    [week] = [one for one in screen.all(".time-usual a") if one.text == "Last 7 days"]
    week.click()
    screen.until(lambda: "from=now-7d" in screen.driver.current_url)
    screen.until(lambda: screen.text("[data-time-open]") == "Last 7 days")
    screen.run("MissionControl.go(location.pathname + location.search + '&job=' + arguments[0])", job)
    screen.until(lambda: job in screen.text(".drawer"))
    screen.driver.back()
    screen.until(lambda: not screen.all(".drawer") or not screen.one(".drawer").is_displayed())
    screen.driver.forward()
    screen.until(lambda: job in screen.text(".drawer"))


def test_a_row_of_the_board_opens_its_mission_by_keyboard_too(screen: Screen) -> None:
    screen.go("/missions")
    screen.until(lambda: screen.all(".grid-link"))
    link = screen.one(".grid-link")
    name = link.text
    link.send_keys(Keys.ENTER)
    screen.until(lambda: f"job={name}" in screen.driver.current_url)
    screen.until(lambda: "No mission with this ID" in screen.text(".drawer"))
    screen.until(lambda: screen.run("return document.activeElement.matches('[data-close]')"))


def test_a_viewer_sees_missions_and_no_way_to_change_them(screen: Screen, job: str) -> None:
    screen.sign_in("viewer")
    screen.go(f"/missions?job={job}")
    screen.until(lambda: "QUEUED" in screen.text(".drawer"))
    assert screen.all(".detail-actions") == []
    assert not screen.one("#missions-submit").is_displayed()
    assert "You have read-only access" in screen.text(".panel-submit")
    assert screen.complaints() == []


def test_history_is_drawn_and_says_when_there_is_none(screen: Screen) -> None:
    screen.go("/missions")
    screen.until(lambda: screen.text(".charts").count("in this range") == 4)
    assert screen.complaints() == []


def test_signing_in_and_out_by_hand(screen: Screen, site: Site) -> None:
    site.session("operator")
    screen.driver.delete_all_cookies()
    screen.driver.get(site.url + "/missions")
    screen.until(lambda: "/login" in screen.driver.current_url)
    screen.one("#email").send_keys("operator@example.org")
    screen.one("#password").send_keys("wrong password", Keys.ENTER)
    screen.until(lambda: screen.all("[role=alert]"))
    assert screen.one("#email").get_attribute("value") == "operator@example.org"  # it is not to be typed again
    screen.one("#password").send_keys("password-operator", Keys.ENTER)
    screen.until(lambda: screen.driver.current_url == site.url + "/missions")
    screen.until(lambda: screen.all("[data-sign-out]"))
    screen.one("[data-sign-out]").click()
    screen.until(lambda: "/login" in screen.driver.current_url)
    screen.driver.get(site.url + "/")
    assert "/login" in screen.driver.current_url
