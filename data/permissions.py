"""Who may do what. The server asks this on every route, callback and socket message; nothing else decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Permission(StrEnum):
    PAGES_READ = "pages:read"
    LIVE_READ = "live:read"
    MISSIONS_READ = "missions:read"
    MISSIONS_OPERATE = "missions:operate"
    BACKLINKS_READ = "backlinks:read"
    BACKLINKS_MANAGE = "backlinks:manage"
    DOMAINS_READ = "domains:read"
    DOMAINS_WATCH = "domains:watch"
    DOMAINS_MANAGE = "domains:manage"
    QUOTAS_READ = "quotas:read"
    QUOTAS_CALL = "quotas:call"
    QUOTAS_MANAGE = "quotas:manage"
    ALERTS_READ = "alerts:read"
    ALERTS_OPERATE = "alerts:operate"
    ALERTS_MANAGE = "alerts:manage"
    CHANNELS_MANAGE = "channels:manage"
    LAYOUTS_EDIT = "layouts:edit"
    LAYOUTS_PUBLISH = "layouts:publish"
    EXPORTS_READ = "exports:read"
    SCREENS_READ = "screens:read"
    SCREENS_REPORT = "screens:report"
    SCREENS_MANAGE = "screens:manage"
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
    KIOSK = "kiosk"
    OPERATE = "operate"
    ADMIN = "admin"


_P = Permission
_NUMBERS = frozenset(
    {
        _P.LIVE_READ,
        _P.MISSIONS_READ,
        _P.BACKLINKS_READ,
        _P.DOMAINS_READ,
        _P.QUOTAS_READ,
        _P.ALERTS_READ,
        _P.EXPORTS_READ,
        _P.SCREENS_READ,
    }
)
_READ = _NUMBERS | {_P.PAGES_READ, _P.LAYOUTS_EDIT, _P.SCREENS_REPORT}
_OPERATE = _READ | {_P.MISSIONS_OPERATE, _P.QUOTAS_CALL, _P.DOMAINS_WATCH, _P.ALERTS_OPERATE}
_MANAGE = _OPERATE | {
    _P.BACKLINKS_MANAGE,
    _P.DOMAINS_MANAGE,
    _P.ALERTS_MANAGE,
    _P.LAYOUTS_PUBLISH,
    _P.SCREENS_MANAGE,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: _READ,
    Role.OPERATOR: _OPERATE,
    Role.MANAGER: _MANAGE,
    Role.ADMIN: _MANAGE | {_P.QUOTAS_MANAGE, _P.CHANNELS_MANAGE, _P.ACCESS_MANAGE, _P.AUDIT_READ},
}

SCOPE_PERMISSIONS: dict[Scope, frozenset[Permission]] = {
    Scope.INGEST: frozenset({_P.INGEST_WRITE}),
    Scope.READ: _NUMBERS,
    Scope.SATELLITE: frozenset({_P.SATELLITES_WORK, _P.INGEST_WRITE, _P.MISSIONS_READ}),
    Scope.DASHBOARD: frozenset({_P.LIVE_READ}),
    Scope.KIOSK: _NUMBERS | {_P.PAGES_READ, _P.SCREENS_REPORT},
    Scope.OPERATE: _NUMBERS | {_P.MISSIONS_OPERATE, _P.QUOTAS_CALL, _P.DOMAINS_WATCH, _P.ALERTS_OPERATE},
    Scope.ADMIN: frozenset(Permission) - {_P.PAGES_READ},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: a person with a session, a program with a key, or the system itself.

    `family` is that of the program's key: the same after a rotation.
    """

    kind: Literal["user", "key", "system"]
    id: str
    name: str
    permissions: frozenset[Permission]
    role: Role | None = None
    session_id: str | None = None
    simulated: bool = False
    family: str | None = None
    unseen: bool = field(default=False, compare=False)  # nobody has noted for a minute that they were here

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


SYSTEM = Actor(kind="system", id="system", name="system", permissions=frozenset(Permission))
