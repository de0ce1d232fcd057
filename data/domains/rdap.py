"""What a registry says of a domain, by RDAP (RFC 9082, 9083): one question, one answer in our own words.

The question goes to a bootstrap server, which redirects to the registry in charge. A registry that does not know a name
says 404: the name is available. A 404 of the bootstrap server itself says only that nobody is in charge.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

import orjson

from data.outside import NoPageError, fetch

if TYPE_CHECKING:
    from collections.abc import Collection

    from data.outside import Page

Outcome = Literal["registered", "available", "unsupported", "failed"]
LONGEST_WAIT_S = 86_400
USUAL_WAIT_S = 60
_ACCEPT = {"Accept": "application/rdap+json, application/json"}
_PHASES = (
    ("pending delete", "pending_delete"),
    ("redemption period", "redemption"),
    ("auto renew period", "grace"),
)


@dataclass(frozen=True, slots=True)
class Said:
    """`fields` are those of the stream `domains`; `wait_s` is how long the registry wants to be left alone."""

    outcome: Outcome
    detail: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    wait_s: float | None = None


async def ask(bootstrap: str, name: str, now: datetime, *, near: Collection[str] = ()) -> Said:
    """Never raises: what went wrong is an outcome."""
    try:
        page = await fetch(f"{bootstrap.rstrip('/')}/domain/{name}", near=near, headers=_ACCEPT)
    except NoPageError as error:
        return Said("failed", error.words)
    return understood(page, now)


def understood(page: Page, now: datetime) -> Said:
    if page.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Said("failed", "asked too often", wait_s=_wait(page.headers.get("retry-after"), now))
    if page.status == HTTPStatus.NOT_FOUND:
        if not page.redirects:
            return Said("unsupported", "no registry answers for this ending")
        return Said("available", None, {"availability_status": "available", "lifecycle": "dropped"})
    if page.status != HTTPStatus.OK:
        return Said("failed", f"answered {page.status}")
    found = _domain(page.body)
    return Said("registered", None, _fields(found, now)) if found else Said("failed", "no RDAP answer")


def _domain(body: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and found.get("objectClassName") == "domain" else None


def _fields(found: dict[str, Any], now: datetime) -> dict[str, Any]:
    events = {each.get("eventAction"): _moment(each.get("eventDate")) for each in _dicts(found.get("events"))}
    expires = events.get("expiration")
    states = {str(each).lower() for each in found.get("status") or [] if isinstance(each, str)}
    phase = next((ours for theirs, ours in _PHASES if theirs in states), "active")
    ended = phase in ("pending_delete", "redemption") or (expires is not None and expires < now)
    given = {
        "availability_status": "expired" if ended else "registered",
        "lifecycle": phase,
        "registered_at": events.get("registration"),
        "expires_at": expires,
        "registrar": _registrar(found),
    }
    return {name: value for name, value in given.items() if value is not None}


def _registrar(found: dict[str, Any]) -> str | None:
    """The full name in the jCard of the entity that is the registrar."""
    for entity in _dicts(found.get("entities")):
        if "registrar" in (entity.get("roles") or []):
            card = entity.get("vcardArray")
            lines = card[1] if isinstance(card, list) and len(card) > 1 and isinstance(card[1], list) else []
            names = [line[3] for line in lines if isinstance(line, list) and len(line) > 3 and line[0] == "fn"]
            if names and isinstance(names[0], str) and names[0].isprintable():
                return names[0].strip()[:200] or None
    return None


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _wait(words: str | None, now: datetime) -> float:
    """Retry-After in seconds: a number of them, or a date."""
    try:
        seconds = float(words or USUAL_WAIT_S)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(words or "") - now).total_seconds()
        except (ValueError, TypeError):
            seconds = USUAL_WAIT_S
    return min(max(seconds, 1.0), LONGEST_WAIT_S)
