"""How people and our own programs get in: the first user or the sign-in link, and keys for satellite and simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from data.access import keys, writes
from data.db import transaction
from data.errors import Conflict
from data.permissions import SYSTEM, Role, Scope
from data.services import Services
from deploy.embedded.programs import ClientKeys

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from data.settings import Settings

SATELLITE = frozenset({Scope.SATELLITE, Scope.INGEST})
SIMULATOR = SATELLITE | {Scope.READ, Scope.OPERATE}


def create_initial_access(settings: Settings, satellite: str, *, simulate: bool) -> tuple[str, ClientKeys, str]:
    """What to open in a browser, the clients to start, and what an operator has to know, if anything.

    Keys are new at every start; older ones work no more.
    """
    services = Services.open(settings)
    try:
        with transaction(services.engine) as connection:
            path, note = _way_in(connection, services)
            key = _key(connection, services, satellite, SATELLITE)
            simulator = _key(connection, services, "simulator", SIMULATOR, simulated=True) if simulate else None
            return path, ClientKeys(satellite, key, simulator), note
    finally:
        services.engine.dispose()


def simulator_key(services: Services) -> str:
    """A new key under the simulator's name; the one before works no more. What was sent under it counts as sent."""
    with transaction(services.engine) as connection:
        return _key(connection, services, "simulator", SIMULATOR, simulated=True)


def _key(
    connection: Connection, services: Services, name: str, scopes: frozenset[Scope], *, simulated: bool = False
) -> str:
    return keys.replace_key(connection, SYSTEM, services.pepper, name, scopes, simulated=simulated)


def _way_in(connection: Connection, services: Services) -> tuple[str, str]:
    """With ADMIN_EMAIL and ADMIN_PASSWORD that user signs in; without them a link signs an administrator in, once."""
    email, password = services.settings.admin_email, services.settings.admin_password
    if email and password:
        writes.ensure_user(connection, SYSTEM, email, Role.ADMIN, password.get_secret_value())
        return "/login", ""
    try:
        return f"/login?token={writes.issue_login_token(connection, SYSTEM, services.pepper)}", ""
    except Conflict as error:
        return "/login", error.detail
