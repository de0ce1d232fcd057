"""Who may do what. The server asks this on every route, callback and socket message; nothing else decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Permission(StrEnum):
    PAGES_READ = "pages:read"
    LIVE_READ = "live:read"
    MISSIONS_READ = "missions:read"
    MISSIONS_OPERATE = "missions:operate"
    SATELLITES_WORK = "satellites:work"
    INGEST_WRITE = "ingest:write"
    ACCESS_MANAGE = "access:manage"
    AUDIT_READ = "audit:read"


class Role(StrEnum):
    VIEWER = "viewer"
    OPERATOR = "operator"
    MANAGER = "manager"
    ADMIN = "admin"


class Scope(StrEnum):
    INGEST = "ingest"
    READ = "read"
    SATELLITE = "satellite"
    DASHBOARD = "dashboard"
    OPERATE = "operate"
    ADMIN = "admin"


_P = Permission
_READ = frozenset({_P.PAGES_READ, _P.LIVE_READ, _P.MISSIONS_READ})
_OPERATE = _READ | {_P.MISSIONS_OPERATE}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _READ,
    Role.OPERATOR: _OPERATE,
    Role.MANAGER: _OPERATE,
    Role.ADMIN: _OPERATE | {_P.ACCESS_MANAGE, _P.AUDIT_READ},
}

SCOPE_PERMISSIONS: dict[Scope, frozenset[Permission]] = {
    Scope.INGEST: frozenset({_P.INGEST_WRITE}),
    Scope.READ: frozenset({_P.LIVE_READ, _P.MISSIONS_READ}),
    Scope.SATELLITE: frozenset({_P.SATELLITES_WORK, _P.INGEST_WRITE, _P.MISSIONS_READ}),
    Scope.DASHBOARD: frozenset({_P.LIVE_READ}),
    Scope.OPERATE: frozenset({_P.LIVE_READ, _P.MISSIONS_READ, _P.MISSIONS_OPERATE}),
    Scope.ADMIN: frozenset(Permission) - {_P.PAGES_READ},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: a person with a session, a program with a key, or the system itself."""

    kind: Literal["user", "key", "system"]
    id: str
    name: str
    permissions: frozenset[Permission]
    role: Role | None = None
    session_id: str | None = None
    simulated: bool = False

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


SYSTEM = Actor(kind="system", id="system", name="system", permissions=frozenset(Permission))
