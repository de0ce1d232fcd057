"""What this process looks after while its sockets live: who may still watch, and that it is alive itself."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING

from redis.exceptions import RedisError
from wsproto import frame_protocol

from data.access import reads
from data.db import transaction
from data.errors import Unavailable
from data.live import channel

if TYPE_CHECKING:
    from callbacks.sockets.hub import Hub
    from data.permissions import Actor, Role
    from data.services import Services

log = logging.getLogger(__name__)

EVERY_S = 3.0  # a revoked key watches for two of these at most
REVOKED = (frame_protocol.CloseReason.POLICY_VIOLATION, "your access was revoked or changed")


class SessionMonitor:
    def __init__(self, services: Services, hub: Hub) -> None:
        self._services = services
        self._hub = hub
        self.thread = threading.Thread(target=self.run, name="live-watch", daemon=True)

    def run(self) -> None:
        while not self._hub.closing.wait(EVERY_S):
            self._beat()
            self._revoke()

    def _beat(self) -> None:
        try:
            channel.beat(self._services.cache.redis, "sockets", time.time())
        except (RedisError, OSError) as error:
            log.debug("no heartbeat: %s", error)

    def _revoke(self) -> None:
        """One question for everybody. While PostgreSQL is away nobody can be asked about, and those who are in stay."""
        clients = self._hub.clients
        if not clients:
            return
        sessions = {client.actor.session_id for client in clients if client.actor.session_id}
        keys = {client.actor.id for client in clients if client.actor.kind == "key"}
        try:
            with transaction(self._services.engine) as connection:
                roles, known = reads.still_valid(connection, sessions, keys)
        except Unavailable as error:
            log.warning("sessions and keys cannot be checked now: %s", error.detail)
            return
        for client in clients:
            if not still_holds(client.actor, roles, known):
                client.end(REVOKED)


def still_holds(actor: Actor, roles: dict[str, Role], keys: set[str]) -> bool:
    """Whether what the actor came with is still what they have: the same session and role, or the same key."""
    if actor.kind == "key":
        return actor.id in keys
    return actor.session_id is not None and roles.get(actor.session_id) == actor.role
