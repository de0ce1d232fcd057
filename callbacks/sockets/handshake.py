"""Before the upgrade: does a page of ours ask, who asks, may they, is a slot free? Refused is refused as HTTP."""

from __future__ import annotations

import binascii
import logging
import math
from base64 import b64decode
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import current_app, g, request

from callbacks.sockets.framing import GuardedSocket, TokenBucket
from data.access import reads, writes
from data.db import transaction
from data.errors import Forbidden, Malformed, MissionControlError, TooMany, Unauthorised, Unavailable

if TYPE_CHECKING:
    from callbacks.sockets.hub import Hub
    from data.permissions import Actor, Permission
    from data.services import Services
    from data.settings import Settings

log = logging.getLogger(__name__)

COOKIE = "mc_session"  # the name that signing in gives it
_DEFAULT_PORTS = {"http": 80, "https": 443}
_AUDITED_DENIALS_A_MINUTE = 60
_ADDRESSES = 10_000


def services() -> Services:
    return cast("Services", current_app.extensions["mission_control"])


def hub() -> Hub:
    return cast("Hub", current_app.extensions["hub"])


class HandshakeLimiter:
    """How often each address may ask: so often at once, then `a_minute`. One that is refused owes nothing."""

    def __init__(self, a_minute: int) -> None:
        self._a_minute = a_minute
        self._buckets: dict[str, TokenBucket] = {}

    def take(self, address: str) -> bool:
        if len(self._buckets) > _ADDRESSES:
            self._buckets.clear()
        bucket = self._buckets.setdefault(address, TokenBucket(self._a_minute / 60, self._a_minute))
        taken = bucket.take()
        if not taken:
            bucket.take(-1)
        return taken

    def count(self, address: str) -> None:
        """Raises TooMany with the seconds until the next is let in."""
        if not self.take(address):
            wait = math.ceil(60 / self._a_minute)
            raise TooMany(f"More than {self._a_minute} handshakes a minute from {address}", retry_after=wait)


class DenialAudit:
    """Every refusal is audited, as far as one address that tries all day may fill the audit."""

    def __init__(self) -> None:
        self._limiter = HandshakeLimiter(_AUDITED_DENIALS_A_MINUTE)

    def audit(self, actor: Actor | None, error: MissionControlError) -> None:
        if not self._limiter.take(request.remote_addr or ""):
            log.warning("more denials than are audited", extra={"address": request.remote_addr})
            return
        try:
            with transaction(services().engine) as connection:
                writes.audit(
                    connection,
                    actor,
                    "socket.forbidden" if actor else "socket.unknown",
                    ("route", request.path),
                    outcome="denied",
                    detail={"why": error.detail, "origin": request.headers.get("Origin", "")[:200]},
                    address=request.remote_addr,
                )
        except Unavailable:
            log.warning("a denial could not be audited: PostgreSQL is away")


def admit(permission: Permission) -> None:
    """Let this request be upgraded: sets `g.actor` and takes a slot. Raises 400, 401, 403 (both audited), 429, 503."""
    _check_protocol()
    current_app.extensions["handshake_limiter"].count(request.remote_addr or "")
    g.actor = None
    try:
        check_origin(request.headers.get("Origin"), has_bearer="Authorization" in request.headers)
        g.actor = authenticate()
        check_permission(g.actor, permission)
    except (Unauthorised, Forbidden) as error:
        current_app.extensions["denial_audit"].audit(g.actor, error)
        raise
    hub().reserve()
    g.has_slot = True
    _guard_socket()


def release_slot(_error: BaseException | None = None) -> None:
    """However the request ended, its slot is free again."""
    if g.pop("has_slot", False):
        hub().release()


def authenticate() -> Actor:
    """The program or the person who asks. Raises Unauthorised."""
    header = request.headers.get("Authorization")
    scheme, _, token = (header or "").partition(" ")
    if header is not None and scheme.lower() != "bearer":
        raise Unauthorised("Authorization must be: Bearer mc_…")
    with transaction(services().engine) as connection:
        if header is not None:
            actor = reads.resolve_key(connection, token.strip(), services().pepper)
        else:
            actor = reads.resolve_session(connection, request.cookies.get(COOKIE, ""), services().pepper)
        if actor is not None:
            writes.mark_seen(connection, actor)
    if actor is None:
        raise Unauthorised("Sign in, or send an API key as Authorization: Bearer mc_…")
    return actor


def check_permission(actor: Actor, permission: Permission) -> None:
    if not actor.may(permission):
        raise Forbidden(f"{actor.name} may not watch: it needs {permission}")


def check_origin(origin: str | None, *, has_bearer: bool) -> None:
    """A browser says where its page is from, and its cookie comes along unasked: only our own pages may open a socket.

    A program sends a key instead, and no Origin. Raises Forbidden.
    """
    if origin is None:
        if not has_bearer:
            raise Forbidden("A socket opened with a cookie must say its Origin")
    elif not is_ours(origin, request.host, services().settings):
        raise Forbidden("This page may not open sockets here")


def is_ours(origin: str, host: str, settings: Settings) -> bool:
    """Whether `origin` is PUBLIC_URL, the host itself, or the same host with one of our two ports."""
    try:
        wanted, own = urlsplit(origin), urlsplit(f"//{host}")
        port = wanted.port or _DEFAULT_PORTS.get(wanted.scheme)
        same_host = wanted.hostname is not None and wanted.hostname == own.hostname
        ports = {settings.port, settings.sockets_port, own.port or _DEFAULT_PORTS.get(wanted.scheme)}
    except ValueError:
        return False
    if wanted.scheme not in _DEFAULT_PORTS or wanted.path or wanted.query or wanted.fragment or wanted.username:
        return False
    public = urlsplit(settings.public_url or "")
    return (same_host and port in ports) or (wanted.scheme, wanted.netloc) == (public.scheme, public.netloc)


def _check_protocol() -> None:
    try:
        key = b64decode(request.headers.get("Sec-WebSocket-Key", ""), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 16 or request.headers.get("Sec-WebSocket-Version") != "13":
        raise Malformed("This is no WebSocket handshake of version 13")


def _guard_socket() -> None:
    """Take compression off the table (it costs 100 KB a client and buys little for deltas), and guard the socket."""
    environ = request.environ
    environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
    environ["gunicorn.socket"] = GuardedSocket(environ["gunicorn.socket"])
