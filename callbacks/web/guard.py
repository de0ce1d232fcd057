"""One question before every request: who is asking, and may they? Nothing is served that did not pass here."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import current_app, g, redirect, request, url_for

from callbacks.web import dash_internals
from callbacks.web.api import PUBLIC, db, release, services, unit
from callbacks.web.errors import from_error
from callbacks.web.headers import secure
from callbacks.web.limits import Limiter, kind_and_amount
from data.access import reads, rules, writes
from data.errors import Forbidden, Foreign, Malformed, NotFound, TooMany, Unauthorised, Unavailable
from data.permissions import Actor, Permission

if TYPE_CHECKING:
    from flask import Flask, Response
    from flask.typing import ResponseReturnValue

log = logging.getLogger(__name__)

COOKIE = "mc_session"
CSRF_COOKIE = "_csrf_token"
CSRF_HEADER = "X-CSRFToken"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# What a page is made of, and what everybody may read. By endpoint: the pages' catch-all answers below the same paths.
_FILES = frozenset({"bundle", *dash_internals.FILES})
_NO_PAGES = ("/_", "/assets")  # below these a page never is: what no file answers is not there
_PROGRAMS = ("/api/", "/v1/", "/ws/")  # the pages' catch-all route answers everywhere else
_ANONYMOUS_DENIALS_A_MINUTE = 30
_SMALL_BODY = 65_536


def register(server: Flask, limiter: Limiter) -> None:
    server.extensions["limiter"] = limiter
    server.before_request(guard)
    server.register_error_handler(Foreign, _deny_foreign)
    server.after_request(secure)


def guard() -> ResponseReturnValue | None:
    """Let the request pass, send a person to the sign-in page, or raise 401, 403, 429."""
    g.actor = None
    policy = _policy()
    if policy == PUBLIC:
        return None
    try:
        g.actor = _who()
    except Unauthorised as error:
        return _anonymous(error)
    _count(g.actor)
    by_cookie = "Authorization" not in request.headers  # which a browser sends along unasked
    if by_cookie and request.method not in _SAFE:
        _check_csrf()
    if not g.actor.may(Permission(policy)):
        raise deny(Permission(policy))
    return None


def _policy() -> Permission | str:
    """What this request needs. A page needs PAGES_READ; below the programs' paths only what says its need is there."""
    if request.endpoint in _FILES:
        return PUBLIC
    if request.endpoint == dash_internals.ANY_PAGE and request.path.startswith(_NO_PAGES):
        raise NotFound(f"There is no file at {request.path[:200]}")
    for_programs = request.path.startswith(_PROGRAMS)
    if request.url_rule is None and request.routing_exception is not None:
        return PUBLIC if for_programs else Permission.PAGES_READ
    view = current_app.view_functions.get(request.endpoint or "")
    needs: Permission | str | None = getattr(view, "needs", None)
    if needs is None and for_programs:
        raise NotFound(f"There is nothing at {request.path[:200]}: /api/v1/docs tells what there is")
    return needs or Permission.PAGES_READ


def _who() -> Actor:
    """The key's program or the cookie's person. Raises Unauthorised."""
    _read_small_body()
    actor = _credentials()
    if actor.unseen:
        writes.mark_seen(db(), actor)
        release()  # it was here, whatever becomes of what it asks
    if not _is_small():
        release()  # what is large may be long on its way
    return actor


def _read_small_body() -> None:
    """Before a connection is taken: nobody holds one while the network delivers."""
    if request.content_length and _is_small():
        request.get_data()


def _is_small() -> bool:
    return (request.content_length or 0) <= _SMALL_BODY and "Transfer-Encoding" not in request.headers


def _credentials() -> Actor:
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorised("Authorization must be: Bearer mc_…")
        actor = reads.resolve_key(db(), token.strip(), services().pepper)
        if actor is None:
            raise Unauthorised("This API key is unknown, expired or revoked")
        return actor
    cookie = request.cookies.get(COOKIE, "")
    actor = reads.resolve_session(db(), cookie, services().pepper) if cookie else None
    if actor is None:
        raise Unauthorised("Sign in, or send an API key as Authorization: Bearer mc_…")
    return actor


def _count(actor: Actor) -> None:
    limiter: Limiter = _limiter()
    kind, amount = kind_and_amount(services().settings)
    limiter.hit(kind, f"{actor.kind}:{actor.id}", amount)


def _limiter() -> Limiter:
    limiter: Limiter = current_app.extensions["limiter"]
    return limiter


def _anonymous(error: Unauthorised) -> ResponseReturnValue:
    """A page sends to the sign-in page; a program gets 401. Audited, as far as one address may fill the audit."""
    if wants_page():
        return redirect(url_for("auth.login_page", next=request.full_path.rstrip("?")))
    _limiter().hit("denied", address(), _ANONYMOUS_DENIALS_A_MINUTE * 10)
    try:
        _limiter().hit("denied-audit", address(), _ANONYMOUS_DENIALS_A_MINUTE)
        _audit_denial(None, "request.unknown")
    except TooMany:
        log.warning("more denials than are audited", extra={"address": address()})
    raise error


def wants_page() -> bool:
    is_page = not request.path.startswith((*_NO_PAGES, *_PROGRAMS))
    return request.method == "GET" and is_page and "text/html" in request.headers.get("Accept", "")


def deny(permission: Permission) -> Forbidden:
    """Audit that this actor may not; returns the error to raise."""
    actor: Actor = g.actor
    _audit_denial(actor, "request.forbidden", permission)
    return Forbidden(f"{actor.name} may not do this: it needs {permission}")


def _deny_foreign(error: Foreign) -> Response:
    """A refusal that only the thing itself could tell: it is somebody else's."""
    _audit_denial(g.actor, "request.forbidden")
    return from_error(error)


def _audit_denial(actor: Actor | None, action: str, permission: Permission | None = None) -> None:
    detail: dict[str, Any] = {"method": request.method, "endpoint": request.endpoint}
    if permission:
        detail["needs"] = permission
    try:
        with unit().apart() as connection:
            writes.audit(
                connection, actor, action, ("route", request.path), outcome="denied", detail=detail, address=address()
            )
    except Unavailable:
        log.warning("a denial could not be audited: PostgreSQL is away", extra={"path": request.path})


def address() -> str:
    return request.remote_addr or ""


def same_origin() -> bool:
    """Whether a browser says that this request comes from our own pages. A missing Origin counts as foreign."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return site == "same-origin"
    return _netloc(origin) == request.host or origin == services().settings.public_url


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:  # a bracket that never closes
        return ""


def _check_csrf() -> None:
    cookie = request.cookies.get(COOKIE, "")
    token = request.headers.get(CSRF_HEADER, "")
    if not same_origin() or not rules.same(token, rules.csrf_token(services().pepper, cookie)):
        _audit_denial(g.actor, "request.csrf")
        raise Forbidden("This change did not come from our own page: reload it and try again")
    if request.mimetype != "application/json" and request.path.startswith(dash_internals.OWN):
        raise Malformed("Callbacks are application/json")
