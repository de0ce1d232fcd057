"""What a person sees in place of an error's JSON: a page in our frame, in plain words. Where the trouble may pass, the
page asks by itself and goes back: a wall that nobody attends must not stay on it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from flask import Blueprint, render_template, request

from callbacks.web.guard import wants_page
from data import clock

if TYPE_CHECKING:
    from flask import Flask, Response

_POLICY = "default-src 'self'; frame-ancestors 'none'; form-action 'self'"
_TITLES = {
    HTTPStatus.FORBIDDEN: "You may not see this",
    HTTPStatus.NOT_FOUND: "There is no such page",
    HTTPStatus.TOO_MANY_REQUESTS: "Too much was asked at once",
    HTTPStatus.SERVICE_UNAVAILABLE: "Mission Control is not to be had just now",
}
_PASSES = "A part that it needs does not answer. This page asks again every few seconds and goes back by itself."
_STAYS = "Nothing is lost. Check the address, or go on from the overview."

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
        )
    )
    response.mimetype = "text/html"
    response.headers["Content-Security-Policy"] = _POLICY
    return response


def _is_seen() -> bool:
    """Whether a browser shows the answer as a page: it went to an address, or sent the form of signing in."""
    return wants_page() or (request.path == "/login" and "text/html" in request.headers.get("Accept", ""))
