"""What a page may load and talk to: our own files, the few inline scripts that Dash writes (by hash), our socket.

Styles may be inline: the grid and the charts write theirs while they draw. Nothing is ever evaluated from text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from callbacks.http.v1.root import sockets_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash import Dash
    from flask import Response

_ORIGIN = re.compile(r"^wss?://[\w.:\[\]-]+$")  # a Host header may hold anything
_FIXED = (
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)


def register(app: Dash) -> None:
    """Give every page of `app` its policy; a page that brings a stricter one keeps it."""

    def protect(response: Response) -> Response:
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", _policy(app.csp_hashes()))
        return response

    app.server.after_request(protect)


def _policy(hashes: Sequence[str]) -> str:
    connect = " ".join(("connect-src 'self'", *_ORIGIN.findall(sockets_url() or "")))
    return "; ".join((*_FIXED, f"script-src 'self' {' '.join(sorted(set(hashes)))}", connect))
