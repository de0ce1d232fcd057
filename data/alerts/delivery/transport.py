"""Sends one message over one channel: over within its time, and into our own network only where that is allowed."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING

from data.alerts.delivery.channels import CHANNELS
from data.alerts.delivery.channels.channel import Answer, Mail
from data.alerts.delivery.retries import Fate, Outcome
from data.http_fetch import POST_S, FetchError, post, resolve

if TYPE_CHECKING:
    from data.alerts.delivery.channels.channel import Envelope, Post
    from data.alerts.delivery.records import Record

_ANSWERED = 250


async def deliver(record: Record, envelope: Envelope) -> Outcome:
    """What became of it. Never raises for what the other side does."""
    channel = CHANNELS[record.kind]
    request = channel.request(record.fields, envelope)
    try:
        answer = await (_mail(request, record) if isinstance(request, Mail) else _post(request, record))
    except FetchError as error:
        return Outcome(Fate.PERMANENT if error.refused else Fate.PASSING, error.reason)
    return channel.read(answer, envelope.at)


async def _post(request: Post, record: Record) -> Answer:
    page = await post(request.url, request.body, headers=request.headers, allow_private=record.allow_private)
    return Answer(page.status, page.headers, page.body)


async def _mail(request: Mail, record: Record) -> Answer:
    address = await resolve(request.host, request.port, allow_private=record.allow_private)
    try:
        async with asyncio.timeout(POST_S):
            return await asyncio.to_thread(_hand_over, request, address, in_clear=record.allow_private)
    except TimeoutError:
        raise FetchError(f"no answer within {POST_S:g} s") from None


class _To(smtplib.SMTP):
    """Connects to the address that was looked at; the certificate is still that of the name."""

    def __init__(self, host: str, address: str) -> None:
        self._address = address
        super().__init__(timeout=POST_S)
        self._host = host

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        del host
        return socket.create_connection((self._address, port), timeout)


class _ToTls(_To):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self._host)


def _hand_over(request: Mail, address: str, *, in_clear: bool) -> Answer:
    """SMTP's own answer. Raises FetchError where there is none."""
    try:
        with (_ToTls if request.tls == "tls" else _To)(request.host, address) as smtp:
            smtp.connect(request.host, request.port)
            smtp.ehlo()
            if request.tls in {"auto", "starttls"} and smtp.has_extn("starttls"):
                smtp.starttls(context=_context(request, in_clear=in_clear))
                smtp.ehlo()
            elif request.tls == "starttls" or (request.tls == "auto" and not in_clear):
                raise FetchError("the server offers no STARTTLS, and nothing is sent in clear")
            if request.user is not None:
                smtp.login(request.user, request.password or "")
            return _result(smtp.send_message(request.message))
    except smtplib.SMTPRecipientsRefused as error:
        return _result(error.recipients)
    except smtplib.SMTPResponseException as error:
        reply = error.smtp_error
        return Answer(error.smtp_code, {}, reply if isinstance(reply, bytes) else str(reply).encode())
    except (smtplib.SMTPException, OSError) as error:
        raise FetchError(f"no mail was taken: {type(error).__name__}") from None


def _context(request: Mail, *, in_clear: bool) -> ssl.SSLContext:
    """Where clear text would do, an unknown certificate does as well."""
    context = ssl.create_default_context()
    if in_clear and request.tls == "auto" and request.user is None:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _result(refused: dict[str, tuple[int, bytes]]) -> Answer:
    """Who is not known there does not keep the others from hearing; refused by all, or told to wait, it is not sent."""
    with suppress(StopIteration):
        worst = next(iter(sorted(refused.values(), key=lambda each: each[0])))
        return Answer(worst[0], {}, worst[1])
    return Answer(_ANSWERED, {}, b"")
