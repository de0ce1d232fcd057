"""The service that holds the sockets: a small Flask application of its own, never in the process that serves pages.

Every open socket keeps a thread, so this process gets as many as it has seats, and some more that refuse, answer
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
from callbacks.sockets.feed import TIMEOUT_S, Feed
from callbacks.sockets.room import Room
from callbacks.sockets.watch import Watch
from callbacks.web import errors, headers
from data.cache import create_redis
from data.db import create_engine
from data.deadline import answer_within
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
    room = Room(settings.max_websocket_connections)
    feed = Feed(create_redis(_redis_url(settings), timeout=TIMEOUT_S), room)
    server = Flask("mission-control-sockets", static_folder=None)
    server.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": PING_S, "max_message_size": live.MESSAGE_BYTES}
    knocks, denials = handshake.Knocks(settings.handshakes_a_minute), handshake.Denials()
    server.extensions.update(
        mission_control=services, room=room, feed=feed, watch=Watch(services, room), knocks=knocks, denials=denials
    )
    errors.register(server)
    server.register_error_handler(RemoteProtocolError, _bad_handshake)
    server.before_request(_guard)
    server.after_request(headers.secure)
    server.teardown_request(handshake.give_back)
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
    return replace(services, engine=answer_within(engine, DATABASE_S))


def start(server: Flask) -> None:
    """Begin to follow the stream; in the process that serves, after any fork."""
    threads: tuple[threading.Thread, ...] = (server.extensions["feed"].thread, server.extensions["watch"].thread)
    for thread in threads:
        thread.start()


def healthz() -> ResponseReturnValue:
    room: Room = current_app.extensions["room"]
    age = current_app.extensions["feed"].age_s
    return {"status": "ok", "sockets": room.taken, "seq": room.seq, "age_s": age if age is None else round(age, 1)}


def _redis_url(settings: Settings) -> str:
    return settings.redis_url.get_secret_value() if settings.redis_url else ""


def _guard() -> None:
    for route in ROUTES:
        if request.endpoint == route.name:
            handshake.admit(route.needs)


def _bad_handshake(_: RemoteProtocolError) -> ResponseReturnValue:
    return errors.problem(400, "Malformed request", "This is no valid WebSocket handshake")
