"""What a browser is shown where a program gets an error as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from data.areas import PAGES
from data.db import create_engine
from tests.callers import person, program

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from data.services import Services
    from tests.callers import Caller

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def viewer(mc: Services, server: Flask) -> Caller:
    return person(mc, server, "viewer")


@pytest.fixture
def away(server: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL does not answer any more."""
    engine = create_engine("postgresql://nobody@127.0.0.1:1/nothing")
    services: Any = server.extensions["mission_control"]
    monkeypatch.setitem(
        server.extensions, "mission_control", type(services)(services.settings, engine, services.cache, services.pepper)
    )


def get(caller: Caller, path: str, **headers: str) -> TestResponse:
    return caller("GET", path, headers=PAGE | headers)


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("path", ["/", "/missions", "/?kiosk", "/nowhere", "/kiosk?key=mc_x"])
def test_a_page_that_cannot_be_had_now_is_a_page_that_asks_again(viewer: Caller, path: str) -> None:
    answer = get(viewer, path)
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert 'data-trouble="passes"' in answer.text
    assert "Mission Control is temporarily unavailable" in answer.text
    assert "/assets/alone/trouble.js" in answer.text
    assert answer.headers["Retry-After"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script-src" not in answer.headers["Content-Security-Policy"]  # nothing inline


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("path", ["/api/v1/missions", "/_dash-layout", "/readyz"])
def test_a_program_and_a_script_get_json_whatever_they_accept(viewer: Caller, path: str) -> None:
    answer = get(viewer, path)
    assert answer.status_code == 503
    assert answer.mimetype.endswith("json")


@pytest.mark.usefixtures("away")
def test_who_does_not_ask_for_a_page_gets_json(viewer: Caller) -> None:
    assert viewer("GET", "/").mimetype == "application/problem+json"


def test_an_address_of_nothing_is_not_found_in_the_frame(viewer: Caller) -> None:
    answer = get(viewer, "/no/such/page")
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Page not found" in get(viewer, "/_dash-layout", Referer="http://localhost/404").text
    file = get(viewer, "/assets/no-such-file.css")
    assert (file.status_code, file.mimetype) == (404, "application/problem+json")  # a file is never a page


@pytest.mark.usefixtures("away")
def test_a_page_that_cannot_be_had_now_offers_other_pages_and_to_retry(viewer: Caller) -> None:
    said = get(viewer, "/missions").text
    assert "Retry now" in said
    for area in PAGES:
        assert f'<a class="button" href="{area.path}">{area.title}</a>' in said


def test_what_an_error_says_is_text_on_its_page(viewer: Caller) -> None:
    answer = get(viewer, "/assets/<script>alert(1)</script>")
    assert "<script>alert" not in answer.text


def test_what_may_not_be_seen_is_said_in_words(mc: Services, server: Flask) -> None:
    answer = get(program(mc, server, "ingest"), "/")
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert "You do not have access to this page" in answer.text
