"""What a short message at the edge of the screen says; `clientside.js` draws it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from components.kit.states import Status


class Toast(TypedDict):
    words: str
    status: Status
    at: float  # so that the same words twice are two toasts


def done(words: str) -> Toast:
    return {"words": words, "status": "normal", "at": time.time()}


def refused(words: str) -> Toast:
    return {"words": words, "status": "critical", "at": time.time()}
