"""The service that holds the sockets: a small Flask application of its own, never in the process that serves pages.

Every open socket keeps a thread, so this process gets as many as it has slots, and some more that refuse, answer
probes and hold those who are still shaking hands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Flask, current_app, request
from flask_sock import Sock
from werkzeug.middleware.proxy_fix import ProxyFix
from wsproto.utilities import RemoteProtocolError

from callbacks.sockets import handshake, live
from callbacks.sockets.hub import Hub
from callbacks.sockets.session_monitor import SessionMonitor
from callbacks.sockets.stream_reader import TIMEOUT_S, StreamReader
from callbacks.web import errors, headers
from data.cache import create_redis
from data.db import create_engine
from data.deadline import set_deadline
from data.services import Services

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue
    from simple_websocket import Server

    from data.permissions import Permission
    from data.settings import Settings

PING_S = 25
DATABASE_CONNECTIONS = 4
DATABASE_S = 3.0


@dataclass(frozen=True, slots=True)
class Route:
    """A socket: its path, who may open it, and what is said over it."""

    path: str
    name: str
    needs: Permission
    view: Callable[[Server], None]


ROUTES = (Route(live.PATH, "mission_control", live.NEEDS, live.mission_control),)


def create_sockets(settings: Settings) -> Flask:
    services = open_services(settings)
    hub = Hub(settings.max_websocket_connections)
    reader = StreamReader(create_redis(_redis_url(settings), timeout=TIMEOUT_S), hub)
    server = Flask("mission-control-sockets", static_folder=None)
    server.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": PING_S, "max_message_size": live.MESSAGE_BYTES}
    server.extensions.update(
        mission_control=services,
        hub=hub,
        stream_reader=reader,
        session_monitor=SessionMonitor(services, hub),
        handshake_limiter=handshake.HandshakeLimiter(settings.handshakes_a_minute),
        denial_audit=handshake.DenialAudit(),
    )
    errors.register(server)
    server.register_error_handler(RemoteProtocolError, _bad_handshake)
    server.before_request(_guard)
    server.after_request(headers.secure)
    server.teardown_request(handshake.release_slot)
    server.add_url_rule("/healthz", "healthz", healthz)
    sock = Sock(server)
    for route in ROUTES:
        sock.route(route.path, endpoint=route.name)(route.view)
    hops = settings.trusted_proxies
    if hops:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return server


def open_services(settings: Settings) -> Services:
    """Few connections and short waits: a handshake is one question, and nobody waits long at a door."""
    services = Services.open(settings)
    url = services.engine.url.render_as_string(hide_password=False)
    engine = create_engine(url, pool_size=DATABASE_CONNECTIONS, statement_ms=int(DATABASE_S * 1000))
    return replace(services, engine=set_deadline(engine, DATABASE_S))


def start(server: Flask) -> None:
    """Begin to follow the stream; in the process that serves, after any fork."""
    for name in ("stream_reader", "session_monitor"):
        thread: threading.Thread = server.extensions[name].thread
        thread.start()


def healthz() -> ResponseReturnValue:
    hub: Hub = current_app.extensions["hub"]
    age = current_app.extensions["stream_reader"].age_s
    return {"status": "ok", "sockets": hub.used_slots, "seq": hub.seq, "age_s": age if age is None else round(age, 1)}


def _redis_url(settings: Settings) -> str:
    return settings.redis_url.get_secret_value() if settings.redis_url else ""


def _guard() -> None:
    for route in ROUTES:
        if request.endpoint == route.name:
            handshake.admit(route.needs)


def _bad_handshake(_: RemoteProtocolError) -> ResponseReturnValue:
    return errors.problem(400, "Malformed request", "This is no valid WebSocket handshake")
