"""Who may come in: users, sessions, keys, the audit."""

from __future__ import annotations

from data.area import Area, Table

ACCESS = Area(
    "access",
    "Access",
    tables=(
        Table("login_tokens", expires="expires_at < now() - interval '7 days'"),
        Table("user_sessions", expires="greatest(expires_at, revoked_at) < now() - interval '7 days'"),
    ),
)
