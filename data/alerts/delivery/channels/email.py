"""E-mail by SMTP. Its Message-ID is the message's key, so that a repetition is known as one."""

from __future__ import annotations

import html
from email.headerregistry import Address
from email.message import EmailMessage
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from data.alerts.delivery.channels.channel import Answer, Channel, Envelope, Fields, Mail
from data.alerts.delivery.messages import render_text
from data.alerts.delivery.retries import Fate, Outcome
from data.hosts import parse_host

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_PORTS = {"tls": 465, "starttls": 587, "auto": 25, "none": 25}


def _mail_address(value: str) -> str:
    name, at, host = value.rpartition("@")
    bad = any(letter.isspace() or not letter.isprintable() for letter in value)
    if not (name and at and host) or bad or not value.isascii():
        raise ValueError("must be an e-mail address")
    try:
        Address(addr_spec=value)
    except (ValueError, IndexError):
        raise ValueError("must be an e-mail address") from None
    return value


def _of_url(url: object) -> dict[str, Any]:
    """Raises ValueError."""
    words = "url: must be smtp://host:port or smtps://host:port"
    if not isinstance(url, str):
        raise ValueError(words)  # noqa: TRY004 — pydantic turns ValueErrors into words for whoever sent it
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError(words)
    fields: dict[str, Any] = {"host": parts.hostname, "tls": "tls" if parts.scheme == "smtps" else "auto"}
    fields |= {"port": parts.port} if parts.port else {}
    if parts.username:
        fields |= {"user": unquote(parts.username), "password": unquote(parts.password or ""), "tls": "starttls"}
        fields |= {"tls": "tls"} if parts.scheme == "smtps" else {}
    return fields


def _host(value: str) -> str:
    host = parse_host(value)
    if ":" in host:
        raise ValueError("must be a host without a port")
    return host


MailAddress = Annotated[str, Field(min_length=3, max_length=254), AfterValidator(_mail_address)]


class EmailFields(Fields):
    """`tls` is `auto` by itself: encrypted wherever the server offers it, and in clear only within our own network.
    `url` says host, port, user and password in one: smtp://user:password@mail.example.org:587, smtps://…"""

    to: list[MailAddress] = Field(min_length=1, max_length=50)
    sender: MailAddress = Field("mission-control@localhost", alias="from")
    host: Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_host)] = "localhost"
    port: int | None = Field(None, ge=1, le=65_535)
    tls: Literal["auto", "starttls", "tls", "none"] = "auto"
    user: Annotated[str, Field(max_length=254)] | None = None
    password: SecretStr | None = None

    @model_validator(mode="before")
    @classmethod
    def _parts(cls, data: Any) -> Any:  # noqa: ANN401 — whatever was sent
        if not isinstance(data, dict):
            return data
        fields = dict(data)
        if isinstance(fields.get("to"), str):
            fields["to"] = [each.strip() for each in fields["to"].split(",") if each.strip()]
        url = fields.pop("url", None)
        return fields if url is None else fields | _of_url(url)

    @model_validator(mode="after")
    def _never_in_clear(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password belong together")
        if self.tls == "none" and self.user is not None:
            raise ValueError("a password is not sent without TLS")
        return self


class Email(Channel):
    kind = "email"
    fields = EmailFields
    secrets = frozenset({"password"})

    def request(self, fields: EmailFields, envelope: Envelope) -> Mail:
        message = EmailMessage()
        message["Subject"] = _one_line(envelope.content["title"])
        message["From"] = fields.sender
        message["To"] = ", ".join(fields.to)
        message["Date"] = envelope.at
        message["Message-ID"] = f"<{envelope.key}@mission-control>"
        message["Auto-Submitted"] = "auto-generated"
        text = render_text(dict(envelope.content), envelope.links)
        message.set_content(text)
        message.add_alternative(_html(render_text(dict(envelope.content)), envelope.links), subtype="html")
        password = fields.password.get_secret_value() if fields.password else None
        return Mail(fields.host, fields.port or _PORTS[fields.tls], fields.tls, fields.user, password, message)

    def read(self, answer: Answer, now: datetime) -> Outcome:
        """`status` is SMTP's: 4xx passes, 5xx does not."""
        del now
        if answer.status < 400:
            return Outcome(Fate.SENT)
        return Outcome(Fate.PASSING if answer.status < 500 else Fate.PERMANENT, f"SMTP {answer.status}: {answer.text}")


def _one_line(text: str) -> str:
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:200]


def _html(text: str, links: Sequence[tuple[str, str]]) -> str:
    buttons = "".join(f'<p><a href="{html.escape(url)}">{html.escape(words)}</a></p>' for words, url in links)
    words = f'<pre style="font: inherit; white-space: pre-wrap">{html.escape(text)}</pre>'
    return f"<html><body>{words}{buttons}</body></html>"
