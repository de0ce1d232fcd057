"""Keys, sessions and links: how they are made, read and remembered. Only digests are stored."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
from datetime import timedelta

KEY_PATTERN = re.compile(r"mc_([0-9a-z]{8})_([0-9A-Za-z_-]{43})")
SESSION_LIFE = timedelta(days=30)
LINK_LIFE = timedelta(days=1)
KIOSK_LIFE = timedelta(days=400)  # as long as browsers keep a cookie
ROTATION_OVERLAP_MAX_S = 30 * 86_400

_ID_LETTERS = string.digits + string.ascii_lowercase


def new_key_id() -> str:
    return "".join(secrets.choice(_ID_LETTERS) for _ in range(8))


def new_secret() -> str:
    """256 bits, 43 characters."""
    return secrets.token_urlsafe(32)


def key_token(key_id: str, secret: str) -> str:
    return f"mc_{key_id}_{secret}"


def read_key(token: str) -> tuple[str, str] | None:
    """The id and the secret of a key as it is written, or None when it is none."""
    match = KEY_PATTERN.fullmatch(token)
    return (match[1], match[2]) if match else None


def digest(pepper: bytes, secret: str) -> bytes:
    """What is stored: a keyed hash is right for a secret of 256 random bits (a password needs Argon2)."""
    return hmac.new(pepper, secret.encode(), hashlib.sha256).digest()


def csrf_token(pepper: bytes, session_token: str) -> str:
    """Bound to the session, so that it needs no store."""
    return hmac.new(pepper, b"csrf:" + session_token.encode(), hashlib.sha256).hexdigest()


def same(one: bytes | str, other: bytes | str) -> bool:
    first = one.encode() if isinstance(one, str) else one
    second = other.encode() if isinstance(other, str) else other
    return hmac.compare_digest(first, second)
