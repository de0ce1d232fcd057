"""Slack: by an incoming webhook (`url`), or by a bot's `token` and `channel`, which can change what it wrote.

An answer with status 200 and `ok: false`, or any word but `ok`, is a failure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import orjson
from pydantic import SecretStr, model_validator

from data.alerts.delivery.channels.channel import Answer, Channel, Envelope, Fields, Post, WebUrl, unreadable
from data.alerts.delivery.messages import render_text
from data.alerts.delivery.retries import Fate, Outcome, parse_retry_after
from data.fields import Word  # noqa: TC001 — pydantic reads it when the class is made

if TYPE_CHECKING:
    from datetime import datetime

API = "https://slack.com/api"
_LONGEST = 3000
_PASSING = {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
_GONE = {"account_inactive", "token_revoked", "token_expired", "is_archived", "channel_not_found", "no_service"}
_LOST = {"message_not_found", "cant_update_message", "edit_window_closed"}
_COLOURS = {"critical": "#d92d20", "warning": "#f79009", "info": "#2e90fa"}
_OVER = "#12b76a"


class SlackFields(Fields):
    """`url` is the incoming webhook's; beside a token it is the address of Slack's API."""

    url: WebUrl | None = None
    token: SecretStr | None = None
    channel: Word | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.token is None and self.url is None:
            raise ValueError("give url, the incoming webhook, or token and channel")
        if (self.token is None) != (self.channel is None):
            raise ValueError("token and channel belong together")
        return self


class Slack(Channel):
    kind = "slack"
    fields = SlackFields
    secrets = frozenset({"url", "token"})

    def changes_in_place(self, fields: SlackFields) -> bool:
        return fields.token is not None

    def request(self, fields: SlackFields, envelope: Envelope) -> Post:
        body = _body(envelope)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if fields.token is None:
            return Post(fields.url or API, orjson.dumps(body), headers)
        headers["Authorization"] = f"Bearer {fields.token.get_secret_value()}"
        thread = envelope.reference
        body["channel"] = thread["channel"] if thread else fields.channel
        if thread:
            body["ts"] = thread["ts"]
        method = "chat.update" if thread else "chat.postMessage"
        return Post(f"{(fields.url or API).rstrip('/')}/{method}", orjson.dumps(body), headers)

    def read(self, answer: Answer, now: datetime) -> Outcome:
        document = answer.document
        if answer.status != 200 or not isinstance(document, dict):
            return _plain(super().read(answer, now), answer)
        if document.get("ok") is True:
            reference = (
                {"ts": str(document["ts"]), "channel": str(document.get("channel", ""))} if document.get("ts") else None
            )
            return Outcome(Fate.SENT, reference=reference)
        reason = str(document.get("error") or "ok is false")[:200]
        if reason in _LOST:
            return Outcome(Fate.PASSING, reason, lost=True)
        if reason in _PASSING:
            return Outcome(Fate.PASSING, reason, parse_retry_after(answer.headers.get("retry-after"), now))
        return Outcome(Fate.GONE if reason in _GONE else Fate.PERMANENT, reason)


def _plain(outcome: Outcome, answer: Answer) -> Outcome:
    if outcome.fate != Fate.SENT:
        return outcome
    return outcome if answer.text in {"ok", ""} else unreadable(answer.text)


def _body(envelope: Envelope) -> dict[str, Any]:
    content = envelope.content
    text = _escaped(render_text(dict(content)))[:_LONGEST]
    links = " · ".join(f"<{url}|{words}>" for words, url in envelope.links)
    colour = _OVER if content["state"] == "resolved" else _COLOURS.get(content["severity"], _COLOURS["info"])
    section = {"type": "section", "text": {"type": "mrkdwn", "text": f"{text}\n{links}" if links else text}}
    title = _escaped(content["title"])
    return {"text": title, "attachments": [{"color": colour, "fallback": title, "blocks": [section]}]}


def _escaped(text: str) -> str:
    """No text of an alert calls for anybody's attention or becomes a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
