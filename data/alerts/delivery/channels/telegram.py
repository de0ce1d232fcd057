"""Telegram: a bot writes into a chat, and changes what it wrote. Text goes out as it is, never as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from pydantic import SecretStr  # noqa: TC002 — pydantic reads it when the class is made

from data.alerts.delivery.channels.channel import Answer, Channel, Envelope, Fields, Post, WebUrl, unreadable
from data.alerts.delivery.messages import render_text
from data.alerts.delivery.retries import Fate, Outcome, outcome_of_status
from data.fields import Word  # noqa: TC001 — pydantic reads it when the class is made

if TYPE_CHECKING:
    from datetime import datetime

API = "https://api.telegram.org"
_LONGEST = 4096  # characters
_SAME = "message is not modified"
_LOST = ("message to edit not found", "message can't be edited")
_GONE = ("chat not found", "bot was blocked", "bot was kicked", "user is deactivated", "unauthorized")


class TelegramFields(Fields):
    token: SecretStr
    chat_id: Word
    url: WebUrl = API


class Telegram(Channel):
    kind = "telegram"
    fields = TelegramFields
    secrets = frozenset({"token"})

    def changes_in_place(self, fields: TelegramFields) -> bool:
        del fields
        return True

    def request(self, fields: TelegramFields, envelope: Envelope) -> Post:
        body: dict[str, Any] = {
            "chat_id": fields.chat_id,
            "text": render_text(dict(envelope.content))[:_LONGEST],
            "disable_web_page_preview": True,
            "reply_markup": {"inline_keyboard": [[{"text": words, "url": url} for words, url in envelope.links]]},
        }
        if not envelope.links:
            del body["reply_markup"]
        known = envelope.reference
        if known:
            body["message_id"] = known["message_id"]
        method = "editMessageText" if known else "sendMessage"
        base = f"{fields.url.rstrip('/')}/bot{fields.token.get_secret_value()}"
        return Post(f"{base}/{method}", orjson.dumps(body), {"Content-Type": "application/json"})

    def read(self, answer: Answer, now: datetime) -> Outcome:
        document = answer.document
        if not isinstance(document, dict):
            outcome = super().read(answer, now)
            return unreadable(answer.text) if outcome.fate == Fate.SENT else outcome
        result = document.get("result")
        if document.get("ok") is True:
            number = result.get("message_id") if isinstance(result, dict) else None
            return Outcome(Fate.SENT, reference=None if number is None else {"message_id": number})
        reason = str(document.get("description") or "ok is false")[:200]
        if _SAME in reason:
            return Outcome(Fate.SENT)
        if any(words in reason for words in _LOST):
            return Outcome(Fate.PASSING, reason, lost=True)
        if any(words in reason.lower() for words in _GONE):
            return Outcome(Fate.GONE, reason)
        return _refused(document, answer, reason, now)


def _refused(document: dict[str, Any], answer: Answer, reason: str, now: datetime) -> Outcome:
    parameters = document.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    header = str(wait) if isinstance(wait, int) else answer.headers.get("retry-after")
    code = document.get("error_code")
    status = code if isinstance(code, int) and code >= 400 else answer.status
    outcome = outcome_of_status(status, reason, header, now)
    return unreadable(reason) if outcome.fate == Fate.SENT else outcome
