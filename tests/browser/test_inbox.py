"""The Alerts page in a person's hands: an alert is taken on, its timeline tells it, a rule is edited and previewed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from components.alerts import ids
from data.alerts import evaluation, rules_store
from data.db import transaction
from data.permissions import SYSTEM
from tests.browser import states
from tests.browser.chromium import desk
from tests.browser.measure import NO_FAULTS, measured

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser import chromium
    from tests.browser.chromium import Screen
    from tests.browser.site import Publisher, Site

RULES = 'rules: [{name: Deep, condition: queue_depth > 2, severity: critical, message: "at {value}"}]'
WAITING = """insert into crawl_jobs (job_type, target_url)
  select 'deep', 'https://a.example/' from generate_series(1, 5)"""
PAST = """insert into alert_samples (series_id, at, value)
  select series_id, date_trunc('minute', now()) - n * interval '1 minute',
    case when n / 60 in (20, 70) then 9 else 0 end
  from alert_series, generate_series(1, 9000) n where signal = 'queue_depth' on conflict do nothing"""
LEFT_BEHIND = ("alerts", "alert_rules", "alert_series", "alert_evaluations", "acknowledgements")


@pytest.fixture
def firing(site: Site) -> Iterator[Site]:
    with transaction(site.services.engine) as connection:
        rules_store.save(connection, SYSTEM, RULES, expected=None)
        connection.execute(text("update crawl_jobs set status = 'cancelled' where status = 'queued'"))  # of others
        connection.execute(text(WAITING))
    evaluation.evaluate(site.services, datetime.now(UTC))
    with transaction(site.services.engine) as connection:
        connection.execute(text(PAST))
    yield site
    with transaction(site.services.engine) as connection:
        connection.execute(text("delete from crawl_jobs where job_type = 'deep'"))
        for table in LEFT_BEHIND:
            connection.execute(text(f"delete from {table}"))


@pytest.fixture
def page(driver: chromium.webdriver.Chrome, firing: Site, publisher: Publisher) -> Screen:
    assert publisher
    return desk(driver, firing)


def stored(page: Screen, sql: str) -> object:
    with transaction(page.site.services.engine) as connection:
        return connection.scalar(text(sql))


def test_an_operator_takes_an_alert_on_and_the_timeline_tells_it(page: Screen) -> None:
    page.sign_in("operator")
    page.go("/alerts")
    row = f"#{ids.INBOX} .inbox-row"
    page.until(lambda: "at 5" in page.text(row))
    page.until(lambda: "Firing" in page.text(f"#{ids.TIMELINE}"))
    page.until(lambda: page.one(f"{row} .inbox-hands .button").click() is None)  # asked again if drawn anew meanwhile
    page.until(lambda: "taken on by operator" in page.text(row))
    assert stored(page, "select acknowledged_by from alerts") == "operator@example.org"
    page.until(lambda: "Taken on" in page.text(f"#{ids.TIMELINE}"))
    page.until(lambda: page.one(f"{row} .inbox-hands .button").click() is None)
    page.until(lambda: "Nothing needs attention." in page.text(f"#{ids.INBOX}"))
    assert page.complaints() == []


def test_a_manager_previews_a_rule_and_saves_it(page: Screen) -> None:
    page.sign_in("manager")
    page.go("/alerts?var-rule=Deep")
    page.until(lambda: "Deep would have fired" in page.text(f"#{ids.PREVIEWED}"))
    assert "times in the last 7 days" in page.text(f"#{ids.PREVIEWED}")
    page.until(lambda: page.all(".panel-rules .js-plotly-plot .scatterlayer path"))
    box = f"#{ids.DOCUMENT}"
    page.until(lambda: "queue_depth > 2" in str(page.run("return document.querySelector(arguments[0]).value", box)))
    write(page, str(page.run("return document.querySelector(arguments[0]).value", box)).replace("> 2", "> 2000"))
    page.run("document.querySelector(arguments[0]).click()", f"#{ids.PREVIEW}")
    page.until(lambda: "would have fired 0 times" in page.text(f"#{ids.PREVIEWED}"))
    page.run("document.querySelector(arguments[0]).click()", f"#{ids.SAVE}")
    page.until(lambda: "version 2 · saved by manager" in page.text(f"#{ids.VERSION_OF}"))
    write(page, "rules: [{name: Deep, condition: nothing > 1}]")
    page.run("document.querySelector(arguments[0]).click()", f"#{ids.SAVE}")
    page.until(lambda: "there is no signal nothing" in page.text(f"#{ids.ERROR}"))
    assert stored(page, "select max(version) from alert_rules") == 2
    assert page.complaints() == []


def write(page: Screen, document: str) -> None:
    """Puts the whole document into the box, as somebody does who pastes it."""
    page.run(
        """const box = document.querySelector(arguments[0]);
        Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, arguments[1]);
        box.dispatchEvent(new Event('input', {bubbles: true}));
        box.dispatchEvent(new Event('change', {bubbles: true}));
        box.focus(); box.blur();""",
        f"#{ids.DOCUMENT}",
        document,
    )


@pytest.mark.parametrize("size", ["wall", "desk-1080", "phone"])
def test_nothing_stands_outside_of_its_place(page: Screen, publisher: Publisher, size: str) -> None:
    publisher.state = states.busy
    page.size(size)
    page.go("/alerts?var-rule=Deep")
    page.until(lambda: "at 5" in page.text(f"#{ids.INBOX}"))
    page.until(lambda: "would have fired" in page.text(f"#{ids.PREVIEWED}"))
    found = measured(page, size)
    assert (found["faults"], found["wide"] <= 0) == (NO_FAULTS, True)


def test_before_anything_fires_every_panel_says_what_it_is_for(screen: Screen, publisher: Publisher) -> None:
    publisher.state = states.empty
    publisher.publish()
    screen.go("/alerts")
    screen.until(lambda: "Nothing needs attention." in screen.text(f"#{ids.INBOX}"))
    screen.until(lambda: "Nothing happened yet." in screen.text(f"#{ids.TIMELINE}"))
    screen.until(lambda: "Choose a rule above" in screen.text(f"#{ids.PREVIEWED}"))
    screen.until(lambda: "Satellite unresponsive" in screen.text(f"#{ids.RULES}"))
    screen.until(lambda: "Nothing fired in this range." in screen.text(f"#{ids.QUALITY}"))
    assert screen.complaints() == []
