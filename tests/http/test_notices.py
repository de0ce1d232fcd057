"""A filter in the address narrows the page, or the page says why not: one rule on every page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from components.backlinks import ids as backlinks
from components.kit.commands import SAMPLES
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


@pytest.mark.parametrize("page", [*PAGES, "backlinks"])
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
    everything = page.panel(backlinks.ANCHORS, {"var-target": "ours.example"}, prop="rowData")
    assert page.panel(backlinks.ANCHORS, view | {"var-anchor": "x" * 501}, prop="rowData") == everything


# A word that cannot be taken, and a part of the page that shows what the other words ask for.
LEFT_OUT = {
    "backlinks": (
        {"var-da": "9-1", "var-type": "nope", "var-k": "99", "var-compare": "all"},
        "backlinks-anchors",
        "rowData",
    ),
    "domains": ({"var-min": "much", "var-sort": "colour", "var-tone": "loud"}, "domains-hunter", "children"),
    "quotas": ({"var-type": "nope", "var-priority": "urgent", "var-down": "nobody"}, "quotas-log", "children"),
    "missions": ({"var-colour": "red"}, {"type": "chart-figure", "chart": "missions-pages-by-day"}, "data"),
}


@pytest.mark.parametrize("area", LEFT_OUT)
def test_a_word_that_cannot_be_taken_is_left_out_and_named_on_every_page(
    mc: Services, server: Flask, area: str
) -> None:
    row = {"url_from": "https://s.example/p", "url_to": "https://ours.example/", "anchor": "words"}
    row |= {"source_domain_name": "s.example", "target_domain_name": "ours.example", "discovered_date": NOW.isoformat()}
    assert program(mc, server, "ingest")("POST", "/api/v1/ingest/backlinks", [row]).json["accepted"] == 1
    fresh(server.extensions["mission_control"])
    viewer = person(mc, server, "viewer")
    wrong, place, prop = LEFT_OUT[area]
    page = Page(viewer, area)
    span = {"from": "now-1M/M", "to": "now"}
    said = notice(viewer, area, span | wrong)
    for word in wrong:
        name = word.removeprefix("var-").capitalize()
        [about] = [each for each in said.split(". ") if each.startswith(f"{name}: ")]
        assert about.rstrip(".").endswith("; it is left out")
    assert page.panel(place, span | wrong, prop=prop) == page.panel(place, span, prop=prop) not in (None, [])
    assert notice(viewer, area, span) == ""


@pytest.mark.parametrize("stream", SAMPLES)
def test_the_commands_of_empty_pages_send_what_the_api_takes(mc: Services, server: Flask, stream: str) -> None:
    answer = program(mc, server, "ingest")("POST", f"/api/v1/ingest/{stream}", [SAMPLES[stream]])
    assert (answer.json["accepted"], answer.json["rejected"]) == (1, [])


def test_backlinks_say_what_to_do_first_and_no_more_once_a_link_is_known(mc: Services, server: Flask) -> None:
    viewer = person(mc, server, "viewer")
    said = str(Page(viewer, "backlinks").panel(backlinks.FIRST_STEPS, {}))
    assert "No links yet" in said
    assert "/api/v1/ingest/backlinks" in said
    assert program(mc, server, "ingest")("POST", "/api/v1/ingest/backlinks", [SAMPLES["backlinks"]]).status_code == 200
    fresh(server.extensions["mission_control"])
    viewer = person(mc, server, "viewer")
    assert Page(viewer, "backlinks").panel(backlinks.FIRST_STEPS, {}) == []
