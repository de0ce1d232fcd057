"""What a page may load: our own files and scripts whose hashes we know, nothing that is made up on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.callers import person

if TYPE_CHECKING:
    from flask import Flask

    from data.services import Services


def policy(mc: Services, server: Flask, path: str) -> dict[str, list[str]]:
    answer = person(mc, server, "viewer")("GET", path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


def test_a_page_runs_our_scripts_alone_and_evaluates_none(mc: Services, server: Flask) -> None:
    said = policy(mc, server, "/missions")
    own, *hashes = said["script-src"]
    assert own == "'self'"
    assert hashes
    assert all(value.startswith("'sha256-") for value in hashes)
    assert said["default-src"] == ["'self'"]
    assert said["frame-ancestors"] == ["'none'"]


def test_a_page_talks_to_us_and_our_sockets_alone(mc: Services, server: Flask) -> None:
    own, sockets = policy(mc, server, "/")["connect-src"]
    assert own == "'self'"
    assert sockets.startswith("ws://localhost")
