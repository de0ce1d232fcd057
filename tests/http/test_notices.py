"""A filter in the address narrows the page, or the page says why not: one rule on every page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from components.backlinks import ids as backlinks
from data import areas
from tests.callers import Page, person, program
from tests.links import NOW, fresh

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services
    from tests.callers import Caller

NOTICES = [ids.NOTICE for ids in areas.parts("components", "ids") if hasattr(ids, "NOTICE")]
# Backlinks has its own test below: without a link it says that first.
PAGES = (*(notice.removesuffix("-notice") for notice in NOTICES if notice != backlinks.NOTICE), "domains-own")


@pytest.fixture
def viewer(mc: Services, server: Flask) -> Caller:
    return person(mc, server, "viewer")


def notice(caller: Caller, page: str, view: dict[str, Any]) -> str:
    return str(Page(caller, page).panel(f"{page}-notice", view) or "")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("view", "said"),
    [
        ({"from": "abc"}, "From: must be a date"),
        ({"to": "2026-02-30"}, "To: must be a date"),
        ({"from": "now-1d", "to": "now-5d"}, "after the end date"),
        ({"from": "now-20y"}, "newest ten years"),
        ({"var-colour": "red"}, "Colour: there is no such filter"),
        ({"var-colour": "x" * 501}, "Colour: must be at most 500"),
        ({"theme": "pink"}, "Theme: must be one of"),
    ],
)
def test_every_page_says_what_it_cannot_take(viewer: Caller, page: str, view: dict[str, Any], said: str) -> None:
    assert said in notice(viewer, page, view)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_takes_all_says_nothing(viewer: Caller, page: str) -> None:
    assert notice(viewer, page, {"from": "now-1M/M", "to": "now-1M/M", "refresh": "30s"}) == ""


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ({"var-type": "nope"}, "Type: must be one of"),
        ({"var-priority": "urgent"}, "Priority: must be one of"),
        ({"var-provider": "nobody"}, "Provider: must be one of"),
        ({"var-type": ["search", "page"]}, "Type: takes one value; search is shown"),
    ],
)
def test_quotas_say_which_choices_there_are(viewer: Caller, view: dict[str, Any], said: str) -> None:
    assert said in notice(viewer, "quotas", view)


def test_an_anchor_with_a_joiner_narrows_the_links(mc: Services, server: Flask) -> None:
    anchor = "می\u200cخواهم"
    rows = [
        {"url_from": f"https://s{at}.example/p", "url_to": "https://ours.example/", "anchor": words}
        | {"source_domain_name": f"s{at}.example", "target_domain_name": "ours.example"}
        | {"discovered_date": (NOW - timedelta(hours=at)).isoformat(), "spam_score": 5, "domain_authority": 50}
        for at, words in enumerate((anchor, anchor, "other", "third"), start=1)
    ]
    assert program(mc, server, "ingest")("POST", "/api/v1/ingest/backlinks", rows).json["accepted"] == 4
    fresh(server.extensions["mission_control"])
    viewer = person(mc, server, "viewer")
    view = {"var-target": "ours.example", "var-anchor": anchor}
    page = Page(viewer, "backlinks")
    found = page.panel(backlinks.ANCHORS, view, prop="rowData")
    assert [(row["anchor"], row["links"]) for row in found] == [(anchor, 2)]
    assert notice(viewer, "backlinks", view) == ""
    said = notice(viewer, "backlinks", view | {"var-anchor": "x" * 501, "var-colour": "red"})
    assert "Anchor: must be at most 500 characters" in said
    assert "Colour: there is no such filter" in said
    assert page.panel(backlinks.ANCHORS, view | {"var-anchor": "x" * 501}, prop="rowData") == []
