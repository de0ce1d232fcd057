"""The links in messages about alerts: a page that asks, and a button that does it, once."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template

from callbacks.web.api import PUBLIC, db, needs, services
from callbacks.web.guard import address
from data import clock
from data.alerts.delivery import links
from data.errors import Conflict, NotFound

pages = Blueprint("alert_links", __name__, template_folder="../../components/alerts")


@pages.get(f"{links.PATH}/<token>")
@needs(PUBLIC)
def ask(token: str) -> Response:
    """Changes nothing: mail scanners open every link."""
    return _page(token, act=False)


@pages.post(f"{links.PATH}/<token>")
@needs(PUBLIC)
def act(token: str) -> Response:
    """Whoever holds the link may: it was sent to them, it is signed, and it works once."""
    return _page(token, act=True)


def _page(token: str, *, act: bool) -> Response:
    current_app.extensions["limiter"].hit("login", address(), services().settings.rate_limit_login)
    found, status = {"done": "", "error": "", "words": "", "about": ""}, 200
    try:
        link = links.read(services().pepper, token, clock.now())
        found |= {"words": links.WORDS[link.verb], "about": links.describe_alert(db(), link)}
        if act:
            found["done"] = links.use_link(db(), link, clock.now())
    except (Conflict, NotFound) as error:
        found["error"], status = error.detail, error.status
    response = make_response(render_template("alert_link.html", **found), status)
    response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'; form-action 'self'"
    response.headers["Cache-Control"] = "no-store"
    return response
