"""What the SDK raises, as one tree.

SdkError
├── ApiError     the server answered, and not with what was asked for: carries its problem+json
├── Unreachable  the network gave no answer until patience ended
└── Interrupted  the caller set `closing` while a call was waiting for its next attempt
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, cast

import orjson

if TYPE_CHECKING:
    import httpx


class SdkError(Exception):
    pass


class ApiError(SdkError):
    """`status` is the HTTP status, `errors` is [{loc, msg}] as the server sent it, `retry_after` is in seconds."""

    def __init__(self, answer: httpx.Response, detail: str | None = None) -> None:
        problem = _problem(answer)
        self.status = answer.status_code
        self.title = str(problem.get("title") or answer.reason_phrase)
        self.detail = detail or str(problem.get("detail") or self.title)
        self.errors: list[dict[str, Any]] = problem.get("errors") or []
        self.retry_after = _retry_after(answer.headers.get("Retry-After"), answer.headers.get("Date"))
        super().__init__(f"{answer.request.method} {answer.request.url} answered {self.status}: {self.detail}")


class Unreachable(SdkError):
    pass


class Interrupted(SdkError):
    pass


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return {}
    return cast("dict[str, Any]", body) if isinstance(body, dict) else {}


def _retry_after(given: str | None, date: str | None) -> float | None:
    """Seconds to wait. The header holds seconds or a date; a date counts from the server's own clock."""
    if not given:
        return None
    if given.strip().isdigit():
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - parsedate_to_datetime(date or "")).total_seconds())
    except (TypeError, ValueError):
        return None
