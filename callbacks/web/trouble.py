"""What a person sees in place of an error's JSON: a page in our frame, in plain words. Where the trouble may pass, the
page asks by itself and goes back: a wall that nobody attends must not stay on it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, render_template, request

from callbacks.web.guard import wants_page
from data import clock
from data.areas import PAGES

if TYPE_CHECKING:
    from flask import Flask, Response

_POLICY = "default-src 'self'; frame-ancestors 'none'; form-action 'self'"
_TITLES = {
    HTTPStatus.FORBIDDEN: "You do not have access to this page",
    HTTPStatus.NOT_FOUND: "Page not found",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests",
    HTTPStatus.SERVICE_UNAVAILABLE: "Mission Control is temporarily unavailable",
}
_PASSES = "A service that it needs is not responding. This page retries every few seconds and returns by itself."
_STAYS = "Check the address, or go on from one of these pages."

pages = Blueprint("trouble", __name__, template_folder="../../components/access")


def register(server: Flask) -> None:
    """Last of all, so that it sees an error before anything else is made of it."""
    server.register_blueprint(pages)
    server.after_request(_framed)


def _framed(response: Response) -> Response:
    if response.mimetype != "application/problem+json" or not _is_seen():
        return response
    said: dict[str, Any] = orjson.loads(response.get_data())
    passes = said["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR or said["status"] == HTTPStatus.TOO_MANY_REQUESTS
    response.set_data(
        render_template(
            "trouble.html",
            title=_TITLES.get(HTTPStatus(said["status"]), said["title"]),
            words=_PASSES if passes else _STAYS,
            passes=passes,
            status=said["status"],
            detail=said["detail"],
            now=f"{clock.now():%H:%M:%S}",
            areas=PAGES,
        )
    )
    response.mimetype = "text/html"
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _is_seen() -> bool:
    """Whether a browser shows the answer as a page: it went to an address, or sent the form of signing in."""
    return wants_page() or (request.path == "/login" and "text/html" in request.headers.get("Accept", ""))
