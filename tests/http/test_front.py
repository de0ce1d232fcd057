"""The first answer of a page: it brings what the screen needs, to whom it belongs, and nothing that may be stale."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from data.live import channel
from data.live.channel import Frame
from tests.callers import Caller, person

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services

OWN = "http://localhost"
NAMED = re.compile(r'(?:src|href)="(/assets/[^"]+)"')


@pytest.fixture
def viewer(mc: Services, server: Flask) -> Caller:
    server.extensions.pop("live_newest", None)
    return person(mc, server, "viewer")


def page(caller: Caller, path: str = "/") -> str:
    answer = caller("GET", path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.text)


def arrival(html: str) -> dict[str, Any]:
    found = re.search(r'<script id="arrival" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    came: dict[str, Any] = json.loads(found[1])
    return came


def layout(caller: Caller, came_from: str | None) -> dict[str, Any]:
    """The components of the layout that have an id, by it."""
    answer = caller("GET", "/_dash-layout", headers={"Referer": came_from} if came_from else {})
    assert answer.status_code == 200
    found, rest = {}, [answer.json]
    while rest:
        props = rest.pop()["props"]
        if isinstance(props.get("id"), str):
            found[props["id"]] = props
        children = props.get("children")
        rest += [child for child in (children if isinstance(children, list) else [children]) if isinstance(child, dict)]
    return found


def test_the_live_state_comes_with_the_page(mc: Services, viewer: Caller) -> None:
    channel.publish(mc.cache.redis, Frame(7, "snapshot", {"queue_depth": 3, "version": "</script><b>"}, 10))
    html = page(viewer)
    assert "</script><b>" not in html
    came = arrival(html)
    assert came["live"]["seq"] == 7
    assert came["live"]["payload"] == {"queue_depth": 3, "version": "</script><b>"}
    assert came["about"]["sockets_url"].startswith("ws://localhost")
    assert came["preferences"]["theme"] == "night"


def test_a_page_opens_while_nothing_was_published(mc: Services, viewer: Caller) -> None:
    assert mc
    assert arrival(page(viewer))["live"] is None


def test_the_arrangement_comes_with_the_overview_alone_and_a_view_that_is_gone_does_not(viewer: Caller) -> None:
    assert arrival(page(viewer))["layout"]["known"]["screens"] == {}
    assert "layout" not in arrival(page(viewer, "/screens?view=k3")) or not arrival(page(viewer, "/screens"))["layout"]
    assert arrival(page(viewer, "/?view=k3f9"))["layout"] is None
    assert arrival(page(viewer, "/?view=%3Cscript%3E"))["layout"]["view"] is None


def test_a_person_sees_their_own_arrangement_and_preferences(mc: Services, server: Flask, viewer: Caller) -> None:
    mine = {"panels": [{"panel": "fleet", "x": 0, "y": 0, "w": 24, "h": 8}]}
    assert viewer("PUT", "/api/v1/layouts/overview/laptop", mine).status_code == 200
    assert list(arrival(page(viewer))["layout"]["known"]["screens"]) == ["laptop"]
    assert arrival(page(person(mc, server, "operator")))["layout"]["known"]["screens"] == {}


def test_what_the_page_names_is_there_and_kept_for_ever(viewer: Caller) -> None:
    named = NAMED.findall(page(viewer))
    assert {name.rpartition(".")[2].partition("?")[0] for name in named} == {"css", "js", "woff2", "ico"}
    for name in named:
        answer = viewer("GET", name, buffered=True)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", name


def test_nothing_is_kept_that_is_not_there_or_bears_no_version(viewer: Caller) -> None:
    for path in ("/assets/bundle/mission-control.0.js", "/assets/nothing.js?v=1", "/assets/bundle/..%2fapp.py"):
        answer = viewer("GET", path, buffered=True)
        assert answer.status_code == 404
        assert "immutable" not in answer.headers.get("Cache-Control", "")
    assert "immutable" not in viewer("GET", "/assets/10-tokens.css", buffered=True).headers.get("Cache-Control", "")


def test_a_page_weighs_little_and_tells_no_other_page(viewer: Caller) -> None:
    html = page(viewer)
    assert len(html) < 60_000
    assert "validation_layout" not in html
    assert "missions-board" not in html


def test_the_layout_holds_the_page_that_was_asked_for_and_the_person(viewer: Caller) -> None:
    found = layout(viewer, f"{OWN}/missions?job=LP-1&from=now-7d")
    assert "missions-submit" in found
    assert (found["_pages_location"]["pathname"], found["_pages_location"]["search"]) == (
        "/missions",
        "?job=LP-1&from=now-7d",
    )
    assert found["_pages_store"]["data"]["title"].startswith("Missions")
    assert "viewer@example.org" in json.dumps(found["shell-person"])
    assert "may-operate" not in found["shell"]["className"]


def test_a_page_named_by_its_address_is_drawn_with_what_that_names(viewer: Caller) -> None:
    assert "acme.io" in json.dumps(layout(viewer, f"{OWN}/domains/acme.io")["_pages_content"])


@pytest.mark.parametrize(
    "came_from",
    [
        None, "", "x", "http://[", f"{OWN}/nothing/there", "https://evil.example/missions", "http://localhost:81/missions",
        "//localhost/%00", f"{OWN}/missions/../../x",
    ],
)  # fmt: skip
def test_who_came_from_nowhere_gets_the_frame_and_is_asked_no_more(viewer: Caller, came_from: str | None) -> None:
    found = layout(viewer, came_from)
    assert "pathname" not in found["_pages_location"]
    assert found["_pages_content"]["children"] is None


@pytest.mark.parametrize("words", ["?from=%00&to=x", "?layout=1&path=2", "?" + "x=1&" * 500, "?self=1&here=2", "?=&&"])
def test_any_words_in_an_address_are_answered(viewer: Caller, words: str) -> None:
    for path in ("/", "/missions", "/backlinks", "/domains", "/domains/acme.io", "/quotas", "/screens", "/kit"):
        layout(viewer, OWN + path + words)


def test_who_may_operate_is_told_so(mc: Services, server: Flask) -> None:
    assert "may-operate" in layout(person(mc, server, "operator"), OWN + "/")["shell"]["className"]
