"""Finding by name: every kind once, only what one may read, and nothing that is typed breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from tests.callers import Caller, person, program
from tests.http.test_screens import PLAYLIST, REPORT

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services


def found(caller: Caller, words: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = caller("GET", "/api/v1/search", query_string={"q": words}).json["items"]
    return items


@pytest.fixture
def known(mc: Services, server: Flask) -> str:
    """A mission and a domain, a screen and a playlist."""
    manager = person(mc, server, "manager")
    job: str = manager("POST", "/api/v1/missions", {"job_type": "crawl", "target_url": "acme.io"}).json["job_id"]
    manager("POST", "/api/v1/screens", REPORT)
    manager("POST", "/api/v1/playlists", PLAYLIST)
    with mc.engine.begin() as connection:
        connection.execute(text("insert into domains (domain_name) values ('acme.io'), ('acne.io'), ('my-acme.io')"))
    return job


def test_each_kind_is_found_by_its_name(mc: Services, server: Flask, known: str) -> None:
    viewer = person(mc, server, "viewer")
    assert [(one["kind"], one["href"]) for one in found(viewer, known.lower())] == [
        ("mission", f"/missions?job={known}")
    ]
    assert [(one["kind"], one["title"]) for one in found(viewer, "acme")] == [("mission", known), ("domain", "acme.io")]
    assert [one["kind"] for one in found(viewer, "noc")] == ["screen"]
    assert [one["href"].startswith("/?kiosk&playlist=") for one in found(viewer, "nigh")] == [True]


def test_only_what_one_may_read_is_found(mc: Services, server: Flask, known: str) -> None:
    assert known
    assert found(program(mc, server, "dashboard"), "acme") == []
    assert program(mc, server, "ingest")("GET", "/api/v1/search?q=acme").status_code == 403


@pytest.mark.parametrize(
    "words", ["https://www.acme.io:443/blog?x#y", "WWW.Acme", "ACME.IO", "blog.acme.io/", "ａｃｍｅ。io", "acme.i"]
)
def test_a_domain_is_found_by_any_writing_of_it(mc: Services, server: Flask, known: str, words: str) -> None:
    assert known
    items = found(person(mc, server, "viewer"), words)
    assert [one["title"] for one in items if one["kind"] == "domain"] == ["acme.io"]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; drop table users; --", "é" * 200, "a b\tc", "\U0010ffff", "{}"])
def test_whatever_is_typed_is_only_looked_for(mc: Services, server: Flask, known: str, words: str) -> None:
    assert known
    assert found(person(mc, server, "viewer"), words) == []


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=%00", "?q=" + "x" * 201])
def test_an_empty_or_endless_question_is_refused_by_its_field(mc: Services, server: Flask, query: str) -> None:
    answer = person(mc, server, "viewer")("GET", f"/api/v1/search{query}")
    assert answer.status_code == 422
    assert "q" in answer.json["errors"][0]["loc"]
