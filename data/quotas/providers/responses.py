"""From what came back over the line to what it means: pure, and free of keys from here on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from data.quotas.providers.client import UnexpectedAnswer
from data.quotas.providers.outcomes import (
    LONGEST_COOLDOWN,
    CallResult,
    ReportedUsage,
    parse_retry_after,
    result_of_status,
)

if TYPE_CHECKING:
    from datetime import datetime

    from data.quotas.providers.client import Client, Document
    from data.quotas.providers.transport import Reply, TransportError
    from data.quotas.routing.queries import Query

_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_KEY_WORDS = re.compile(r"api.?key|access.?key|unauthori[sz]ed", re.IGNORECASE)
_LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class ProviderResponse:
    """`answer` in our own words where there is one; `reported_usage` is the provider's own number where it came
    along."""

    result: CallResult
    answer: dict[str, Any] | None = None
    reported_usage: ReportedUsage | None = None


def no_response(error: TransportError) -> ProviderResponse:
    return ProviderResponse(CallResult("timeout" if error.late else "unreachable", error.words))


def interpret(client: Client, query: Query, reply: Reply, key: str, now: datetime) -> ProviderResponse:
    """What a provider's answer to a query says."""
    document, is_json = parse_document(reply, key)
    words = _clean(client.words(document) if is_json else "")
    result = _refusal(client, reply, document, words, now)
    usage = _parse_usage(client, document, reply)
    if result is not None:
        return ProviderResponse(result, reported_usage=usage)
    if client.is_json and not is_json:
        return ProviderResponse(CallResult("bad_answer", "no JSON", reply.status), reported_usage=usage)
    try:
        body = document if client.is_json else _text(reply, key)
        error = client.parse_error(body)
        if error is not None:
            return ProviderResponse(CallResult(error.outcome, _clean(error.words), reply.status), reported_usage=usage)
        return ProviderResponse(CallResult("ok", "", reply.status), storable(client.parse_answer(query, body)), usage)
    except (UnexpectedAnswer, KeyError, TypeError, AttributeError, ValueError):
        return ProviderResponse(
            CallResult("bad_answer", "an answer of another form than documented", reply.status), reported_usage=usage
        )


def parse_reported_usage(client: Client, reply: Reply, key: str) -> ReportedUsage | None:
    """The provider's own number, None where its account gave none."""
    document, is_json = parse_document(reply, key)
    if not is_json or not 200 <= reply.status < 300:
        return None
    try:
        return client.parse_account(document, reply.headers)
    except (UnexpectedAnswer, KeyError, TypeError, AttributeError, ValueError):
        return None


def parse_document(reply: Reply, key: str) -> tuple[Document, bool]:
    """The body as JSON without the key, and whether it is any."""
    try:
        return orjson.loads(_without(reply.body, key)), True
    except orjson.JSONDecodeError:
        return None, False


def storable(answer: dict[str, Any]) -> dict[str, Any]:
    """As JSON columns take it: without NUL characters."""
    packed = orjson.dumps(answer)
    found: dict[str, Any] = orjson.loads(_NUL.sub(rb"\1", packed)) if b"\\u0000" in packed else answer
    return found


def _refusal(client: Client, reply: Reply, document: Document, words: str, now: datetime) -> CallResult | None:
    result = result_of_status(reply.status, words, parse_retry_after(reply.headers, now) or _in_body(document))
    if result is None:
        return None
    if reply.status == 404 and reply.status not in client.missing:
        return CallResult("failed", words or "answered 404", 404)
    if reply.status == 403 and result.outcome == "failed" and _KEY_WORDS.search(words):
        return CallResult("unauthorised", words, 403)
    return result


def _in_body(document: Document) -> timedelta | None:
    """Some say in the body how long to wait."""
    seconds = document.get("retryAfterSeconds") if isinstance(document, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < 10**7:
        return None
    return min(timedelta(seconds=seconds), LONGEST_COOLDOWN)


def _parse_usage(client: Client, document: Document, reply: Reply) -> ReportedUsage | None:
    try:
        return client.parse_usage(document, reply.headers)
    except (UnexpectedAnswer, KeyError, TypeError, AttributeError, ValueError):
        return None


def _text(reply: Reply, key: str) -> str:
    return _without(reply.body, key).decode("utf-8", errors="replace")


def _without(body: bytes, key: str) -> bytes:
    for written in {key, quote(key, safe="")}:
        body = body.replace(written.encode(), b"***")
    return body


def _clean(words: str) -> str:
    """One short line that can be shown anywhere."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())
    return line[:_LONGEST_WORDS].encode("utf-8", errors="replace").decode()
