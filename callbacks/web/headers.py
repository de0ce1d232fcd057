"""Our security headers on what an application answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from deploy.headers import ONLY_HTTPS, SECURITY_HEADERS

if TYPE_CHECKING:
    from flask import Response


def secure(response: Response) -> Response:
    """Where the answer does not bring its own."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault(*ONLY_HTTPS)
    return response
