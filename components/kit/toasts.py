"""What a short message at the edge of the screen says; `clientside.js` draws it."""

from __future__ import annotations

import time
from typing import TypedDict

from data.status import Status


class Toast(TypedDict):
    words: str
    status: Status
    at: float  # so that the same words twice are two toasts


def done(words: str) -> Toast:
    return {"words": words, "status": Status.NORMAL, "at": time.time()}


def refused(words: str) -> Toast:
    return {"words": words, "status": Status.CRITICAL, "at": time.time()}
