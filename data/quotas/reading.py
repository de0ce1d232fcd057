"""From what came back over the line to what it means: pure, and free of keys from here on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from data.quotas.providers.client import UnexpectedAnswer
from data.quotas.verdicts import LONGEST_COOLDOWN, Account, Finding, by_status, retry_after

if TYPE_CHECKING:
    from datetime import datetime

    from data.quotas.line import NoReply, Reply
    from data.quotas.providers.client import Client, Document
    from data.quotas.queries import Query

_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_KEY_WORDS = re.compile(r"api.?key|access.?key|unauthori[sz]ed", re.IGNORECASE)
_LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """`answer` in our own words where there is one; `told` is the provider's own number where it came along."""

    finding: Finding
    answer: dict[str, Any] | None = None
    told: Account | None = None


def silence(error: NoReply) -> Heard:
    return Heard(Finding("timeout" if error.late else "unreachable", error.words))


def heard(client: Client, query: Query, reply: Reply, key: str, now: datetime) -> Heard:
    """What a provider's answer to a query says."""
    document, is_json = document_of(reply, key)
    words = _clean(client.words(document) if is_json else "")
    finding = _refused(client, reply, document, words, now)
    told = _told(client, document, reply)
    if finding is not None:
        return Heard(finding, told=told)
    if client.is_json and not is_json:
        return Heard(Finding("bad_answer", "no JSON", reply.status), told=told)
    try:
        body = document if client.is_json else _text(reply, key)
        trouble = client.trouble(body)
        if trouble is not None:
            return Heard(Finding(trouble.outcome, _clean(trouble.words), reply.status), told=told)
        return Heard(Finding("ok", "", reply.status), storable(client.read(query, body)), told)
    except (UnexpectedAnswer, KeyError, TypeError, AttributeError, ValueError):
        return Heard(Finding("bad_answer", "an answer of another form than documented", reply.status), told=told)


def account_of(client: Client, reply: Reply, key: str) -> Account | None:
    """The provider's own number, None where its account gave none."""
    document, is_json = document_of(reply, key)
    if not is_json or not 200 <= reply.status < 300:
        return None
    try:
        return client.account(document, reply.headers)
    except (UnexpectedAnswer, KeyError, TypeError, AttributeError, ValueError):
        return None


def document_of(reply: Reply, key: str) -> tuple[Document, bool]:
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


def _refused(client: Client, reply: Reply, document: Document, words: str, now: datetime) -> Finding | None:
    finding = by_status(reply.status, words, retry_after(reply.headers, now) or _in_body(document))
    if finding is None:
        return None
    if reply.status == 404 and reply.status not in client.missing:
        return Finding("failed", words or "answered 404", 404)
    if reply.status == 403 and finding.outcome == "failed" and _KEY_WORDS.search(words):
        return Finding("unauthorised", words, 403)
    return finding


def _in_body(document: Document) -> timedelta | None:
    """Some say in the body how long to wait."""
    seconds = document.get("retryAfterSeconds") if isinstance(document, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < 10**7:
        return None
    return min(timedelta(seconds=seconds), LONGEST_COOLDOWN)


def _told(client: Client, document: Document, reply: Reply) -> Account | None:
    try:
        return client.told(document, reply.headers)
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
