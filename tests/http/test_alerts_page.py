"""The Alerts page as the browser asks for it: inbox, what happened, rules with a preview."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from components.alerts import ids
from components.kit import charts
from data.alerts import evaluation, rules_store
from data.db import transaction
from data.permissions import SYSTEM
from tests.callers import Page, person, shown
from tests.drawn import words

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

NOW = datetime.fromtimestamp(datetime.now(UTC).timestamp() // 30 * 30, UTC)
DEEP = (
    'rules: [{name: Deep, condition: queue_depth > 2, severity: critical, actions: [Scale up], message: "at {value}"}]'
)
PIT = (
    "insert into alert_samples (series_id, at, value) select :s, now() - n * interval '1 minute', case when n / 60 in "
)
PIT += "(20, 70, 110) then 9 else 0 end from generate_series(1, 10000) n"


@pytest.fixture
def page(mc: Services, server: Flask) -> Page:
    with transaction(mc.engine) as connection:
        rules_store.save(connection, SYSTEM, DEEP, expected=None)
        queued = """insert into crawl_jobs (job_type, target_url)
                    select 'links', 'https://a.example/' from generate_series(1, 3)"""
        connection.execute(text(queued))
        failed = """insert into crawl_jobs (job_type, target_url, status, completed_time)
                    select 'links', 'https://b.example/', 'failed', now() from generate_series(1, 12)"""
        connection.execute(text(failed))
    evaluation.evaluate(mc, NOW)
    return Page(person(mc, server, "manager"), "alerts")


def as_person(page: Page, mc: Services, server: Flask, role: str) -> Page:
    del page
    return Page(person(mc, server, role), "alerts")


def test_the_inbox_lists_groups_worst_first_and_says_how_many(page: Page) -> None:
    said = words(page.panel(ids.INBOX, {}))
    assert said.index("Deep") < said.index("Failed missions× 12")
    assert "at 3" in said
    assert "13 alerts in 2 groups" in words(page.panel(ids.INBOX_NOTE, {}))
    only = {"var-severity": "critical"}
    assert "Failed missions" not in words(page.panel(ids.INBOX, only))
    assert "1 hidden by filters" in words(page.panel(ids.INBOX_NOTE, only))
    assert "Nothing needs attention" in words(page.panel(ids.INBOX, {"var-severity": "info"}))


def test_one_press_takes_on_and_one_resolves_the_whole_group(page: Page, mc: Services, server: Flask) -> None:
    with transaction(mc.engine) as connection:
        number = connection.scalar(text("select max(id) from alerts where rule = 'Failed missions'"))
    operator = as_person(page, mc, server, "operator")
    taken = operator.press(ids.HAND, (ids.HAND, {"value": f"ack {number}", "at": 1}))
    assert "Taken on by operator@example.org, all 12 of the group" in taken.text
    assert "taken on by operator" in words(page.panel(ids.INBOX, {}))
    assert "Resolved, all 12 of the group" in page.press(ids.HAND, (ids.HAND, {"value": f"resolve {number}"})).text
    assert "Failed missions" not in words(page.panel(ids.INBOX, {}))
    assert "over already" in page.press(ids.HAND, (ids.HAND, {"value": f"ack {number}"})).text
    assert "must be the number" in page.press(ids.HAND, (ids.HAND, {"value": "drop table"})).text
    viewer = as_person(page, mc, server, "viewer")
    assert viewer.press(ids.HAND, (ids.HAND, {"value": f"ack {number}"})).status_code == 403


def test_what_happened_tells_every_change_and_every_hand(page: Page, mc: Services) -> None:
    with transaction(mc.engine) as connection:
        number = connection.scalar(text("select id from alerts where rule = 'Deep'"))
    page.press(ids.HAND, (ids.HAND, {"value": f"ack {number}"}))
    said = words(page.panel(ids.TIMELINE, {"var-alert": str(number)}))
    assert "Firing" in said
    assert "Taken on" in said
    assert "by manager@example.org" in said
    assert "Scale up" in said
    assert "queue job_queue" in said
    group = words(page.panel(ids.TIMELINE, {}))
    assert "12 open in this group" in group, "without a choice that which nobody has taken on stands there"
    assert "There is no alert 99" in words(page.panel(ids.TIMELINE, {"var-alert": "99"}))


def test_what_the_address_asks_in_vain_is_said(page: Page) -> None:
    said = words(page.panel(ids.NOTICE, {"var-alert": "x", "var-severity": "odd", "var-rule": "none", "var-z": "1"}))
    for part in ("Alert: must be the number", "Severity: must be one of", "There is no rule none", "no such filter"):
        assert part.lower() in said.lower()


def test_the_editor_saves_versions_and_two_at_once_notice(page: Page) -> None:
    loaded = page.ask(ids.DOCUMENT, prop="value")
    version = shown(loaded, ids.VERSION, "data")
    document = str(shown(loaded, ids.DOCUMENT, "value"))
    assert version == 1
    assert "Satellite unresponsive" in document
    edited = document.replace("queue_depth > 2", "queue_depth > 5")
    saved = page.press(ids.SAVE, (ids.DOCUMENT, edited), (ids.VERSION, version))
    assert "The rules are saved" in saved.text
    assert "version 2 · saved by manager" in saved.text
    late = page.press(ids.SAVE, (ids.DOCUMENT, document), (ids.VERSION, version))
    assert "changed meanwhile by manager@example.org" in late.text
    wrong = page.press(ids.SAVE, (ids.DOCUMENT, edited.replace("queue_depth > 5", "queue_dept > 5")), (ids.VERSION, 2))
    assert "there is no signal queue_dept; did you mean queue_depth?" in wrong.text
    assert "rule “Deep”" in wrong.text
    assert "queue_depth > 5" in words(page.panel(ids.RULES, {})), "the last good ones go on"


def test_the_preview_says_how_often_it_would_have_fired_and_draws_it(page: Page, mc: Services) -> None:
    with transaction(mc.engine) as connection:
        connection.execute(text("delete from alert_samples"))
        series = connection.scalar(text("select series_id from alert_series where signal = 'queue_depth'"))
        connection.execute(text(PIT), {"s": series})
    view = {"var-rule": "Deep"}
    answer = page.ask(ids.PREVIEWED, view, (ids.DOCUMENT, DEEP))
    assert "Deep would have fired 3 times in the last 7 days, 1 h 00 min to 1 h 00 min each." in words(
        shown(answer, ids.PREVIEWED)
    )
    figure: Any = shown(answer, charts.slot(ids.CURVE), "data")  # type: ignore[arg-type]
    shapes = figure["layout"]["shapes"]
    assert [shape["type"] for shape in shapes].count("rect") == 3
    assert [shape["y0"] for shape in shapes if shape["type"] == "line"] == [2]
    higher = page.ask(ids.PREVIEWED, view, (ids.DOCUMENT, DEEP.replace("> 2", "> 10")))
    assert "would have fired 0 times" in words(shown(higher, ids.PREVIEWED))
    broken = page.ask(ids.PREVIEWED, view, (ids.DOCUMENT, DEEP.replace("queue_depth", "nothing")))
    assert "there is no signal nothing" in words(shown(broken, ids.PREVIEWED))


def test_cards_rules_signals_and_quality_are_told(page: Page, mc: Services) -> None:
    evaluation.evaluate(mc, NOW + timedelta(seconds=5))
    cards = words(page.panel(ids.CARDS, {}))
    assert "Taken on0" in cards
    assert "100 %" in cards
    rules = words(page.panel(ids.RULES, {}))
    assert "no data yet: workflow_failed" in rules
    assert "your own" in rules
    assert "its area is still to come" in words(page.panel(ids.SIGNALS, {}))
    assert "Failed missions12" in words(page.panel(ids.QUALITY, {}))
