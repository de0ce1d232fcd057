"""Signing in and out: a form, a one-time link, a cookie that the server can end."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from callbacks.web.api import PUBLIC, db, needs, services, unit
from callbacks.web.guard import COOKIE, CSRF_COOKIE, address, same_origin
from data.access import reads, rules, writes
from data.errors import Forbidden, Unauthorised
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

    from sqlalchemy import Connection
    from werkzeug.wrappers import Response

_LONGEST_NEXT = 4000

auth = Blueprint("auth", __name__, template_folder="../../components/access")


@auth.get("/login")
@needs(PUBLIC)
def login_page() -> ResponseReturnValue:
    token = request.args.get("token")
    if token is None:
        return _form()
    _limit()
    return _sign_in(lambda connection: writes.use_login_token(connection, token, services().pepper), "link")


@auth.get("/kiosk")
@needs(PUBLIC)
def kiosk() -> ResponseReturnValue:
    """For a screen without a keyboard: its key becomes its cookie, and it shows the page it was made for."""
    _limit()
    key = request.args.get("key", "")
    actor = reads.resolve_session(db(), key, services().pepper) if rules.read_key(key) else None
    if actor is not None:
        writes.mark_seen(db(), actor)
    outcome: writes.Outcome = "done" if actor else "denied"
    subject = ("key", actor.id if actor else "unknown")
    writes.audit(db(), actor, "session.start", subject, outcome=outcome, address=address())
    if actor is None:
        return _form("This kiosk link is unknown or was revoked. Ask an administrator for a new one.", 401)
    return _with_cookies(redirect(_next("/?kiosk")), key, rules.KIOSK_LIFE)


@auth.post("/login")
@needs(PUBLIC)
def login() -> ResponseReturnValue:
    if not same_origin():
        raise Forbidden("Sign in from our own page")
    _limit()
    email, password = request.form.get("email", "")[:254], request.form.get("password", "")[:1000]
    return _sign_in(lambda connection: writes.check_password(connection, email, password), email)


@auth.post("/logout")
@needs(Permission.PAGES_READ)
def logout() -> ResponseReturnValue:
    if g.actor.session_id:
        writes.end_session(db(), g.actor.session_id)
        writes.audit(db(), g.actor, "session.end", ("session", g.actor.session_id[:12]), address=address())
    response = redirect("/login")
    for name in (COOKIE, CSRF_COOKIE):
        response.delete_cookie(name)
    return response


def _limit() -> None:
    current_app.extensions["limiter"].hit("login", address(), services().settings.rate_limit_login)


def _sign_in(check: Callable[[Connection], str], subject: str) -> ResponseReturnValue:
    """A new session for whoever `check` names; a refusal is audited and shown on the form."""
    try:
        user_id = check(db())
        token = writes.start_session(
            db(), user_id, services().pepper, address=address(), agent=request.user_agent.string
        )
        writes.audit(db(), None, "session.start", ("user", user_id), address=address())
    except Unauthorised as error:
        with unit().apart() as connection:
            writes.audit(connection, None, "session.start", ("login", subject), outcome="denied", address=address())
        return _form(error.detail, 401)
    return _with_cookies(redirect(_next()), token)


def _with_cookies(response: Response, token: str, lasts: timedelta = rules.SESSION_LIFE) -> Response:
    secure = request.is_secure
    life = int(lasts.total_seconds())
    response.set_cookie(COOKIE, token, max_age=life, httponly=True, secure=secure, samesite="Lax")
    response.set_cookie(
        CSRF_COOKIE, rules.csrf_token(services().pepper, token), max_age=life, secure=secure, samesite="Lax"
    )
    return response


def _next(usual: str = "/") -> str:
    """Where to go afterwards: a path of ours, never another site."""
    wanted = request.values.get("next", usual)
    return wanted if _is_ours(wanted) and not wanted.startswith("/login") else usual


def _is_ours(wanted: str) -> bool:
    """Whether a browser would read this as a path of our own, and a header can hold it."""
    if len(wanted) > _LONGEST_NEXT or not wanted.isprintable():
        return False
    try:
        parts = urlsplit(wanted)
    except ValueError:  # a bracket that never closes
        return False
    return not parts.scheme and not parts.netloc and wanted.startswith("/") and not wanted.startswith(("//", "/\\"))


def _form(error: str = "", status: int = 200) -> ResponseReturnValue:
    email = request.form.get("email", "")[:254]
    response = make_response(render_template("login.html", error=error, next=_next(), email=email), status)
    response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'; form-action 'self'"
    response.headers["Cache-Control"] = "no-store"
    return response
