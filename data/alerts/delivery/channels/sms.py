"""SMS over Twilio's API: a form, basic authentication, one request a number."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from pydantic import Field, SecretStr

from data.alerts.delivery.channels.channel import Answer, Channel, Envelope, Fields, Post, WebUrl
from data.alerts.delivery.messages import render_text
from data.alerts.delivery.retries import Fate, Outcome

if TYPE_CHECKING:
    from datetime import datetime

API = "https://api.twilio.com"
_LONGEST = 480  # three parts of a long message
_GONE = {20003, 20404, 21606, 21659}  # the account or the sender is not there
_NUMBER = r"^\+[1-9]\d{6,14}$"


class SmsFields(Fields):
    account_sid: str = Field(pattern=r"^[A-Za-z0-9]{2,64}$")
    auth_token: SecretStr
    sender: str = Field(alias="from", pattern=r"^(\+[1-9]\d{2,14}|[A-Za-z0-9 ]{1,11}|MG[0-9a-f]{32})$")
    to: str = Field(pattern=_NUMBER, description="+49… : country and number, no blanks")
    url: WebUrl = API


class Sms(Channel):
    kind = "sms"
    fields = SmsFields
    secrets = frozenset({"auth_token"})

    def request(self, fields: SmsFields, envelope: Envelope) -> Post:
        text = render_text(dict(envelope.content), envelope.links[:1])
        short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
        form = urlencode({"To": fields.to, "From": fields.sender, "Body": short})
        pair = base64.b64encode(f"{fields.account_sid}:{fields.auth_token.get_secret_value()}".encode()).decode()
        headers = {
            "Authorization": f"Basic {pair}",
            "Content-Type": "application/x-www-form-urlencoded",
            "I-Twilio-Idempotency-Token": envelope.key,
        }
        path = f"/2010-04-01/Accounts/{quote(fields.account_sid)}/Messages.json"
        return Post(fields.url.rstrip("/") + path, form.encode(), headers)

    def read(self, answer: Answer, now: datetime) -> Outcome:
        document = answer.document
        outcome = super().read(answer, now)
        if isinstance(document, dict):
            code = document.get("code") or document.get("error_code")
            why = str(document.get("message") or document.get("error_message") or code)[:200]
            if code in _GONE:
                return Outcome(Fate.GONE, f"{code}: {why}")
            if outcome.fate == Fate.SENT and (code or document.get("status") in {"failed", "undelivered"}):
                return Outcome(Fate.PERMANENT, why)
        return outcome
