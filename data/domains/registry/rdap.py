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

from data.domains.streams import FIRST_REGISTERED, LAST_DAY
from data.fields import FUTURE_TOLERANCE
from data.http_fetch import FetchError, fetch

if TYPE_CHECKING:
    from collections.abc import Collection

    from data.http_fetch import Page

Outcome = Literal["registered", "available", "unsupported", "failed"]
LONGEST_WAIT_S = 86_400
USUAL_WAIT_S = 60
_ACCEPT = {"Accept": "application/rdap+json, application/json"}
LONGEST_NAME = 128
# The first that is said counts: what is in redemption is said to be pending delete too. Both spellings are in use, that
# of RDAP with blanks and that of EPP without.
_PHASES = (
    ("redemptionperiod", "redemption"),
    ("pendingrestore", "redemption"),
    ("pendingdelete", "pending_delete"),
    ("autorenewperiod", "grace"),
)
_DATES = {"registration": "registered_at", "expiration": "expires_at"}


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """`fields` are those of the stream `domains`; `wait_s` is how long the registry wants to be left alone, `by_all`
    whether that is the bootstrap server's wish, which stands before every registry."""

    outcome: Outcome
    detail: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    wait_s: float | None = None
    by_all: bool = False


async def query(
    bootstrap: str, name: str, now: datetime, *, allowed_private_hosts: Collection[str] = ()
) -> RegistryAnswer:
    """What went wrong is an outcome; an answer of a shape that nobody foresaw is for the caller to catch."""
    try:
        page = await fetch(
            f"{bootstrap.rstrip('/')}/domain/{name}", allowed_private_hosts=allowed_private_hosts, headers=_ACCEPT
        )
    except FetchError as error:
        return RegistryAnswer("failed", error.reason)
    return parse(page, now)


def parse(page: Page, now: datetime) -> RegistryAnswer:
    if page.status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = _wait(page.headers.get("retry-after"), now)
        return RegistryAnswer("failed", "asked too often", wait_s=wait, by_all=not page.redirects)
    if page.status == HTTPStatus.NOT_FOUND:
        if not page.redirects:
            return RegistryAnswer("unsupported", "no registry answers for this ending")
        return RegistryAnswer("available", None, {"availability_status": "available", "lifecycle": "dropped"})
    if page.status != HTTPStatus.OK:
        return RegistryAnswer("failed", f"answered {page.status}")
    found = _domain(page.body)
    if found is None:
        return RegistryAnswer("failed", "no RDAP answer")
    fields, left_out = _fields(found, now)
    return RegistryAnswer("registered", f"left out: {', '.join(left_out)}"[:500] if left_out else None, fields)


def _domain(body: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and found.get("objectClassName") == "domain" else None


def _fields(found: dict[str, Any], now: datetime) -> tuple[dict[str, Any], list[str]]:
    """What can be stored of an answer, and what had to be left out of it."""
    dates, left_out = _dates(found, now)
    listed = found.get("status")
    states = {"".join(str(each).lower().split()) for each in (listed if isinstance(listed, list) else [listed])}
    phase = next((ours for theirs, ours in _PHASES if theirs in states), "active")
    expires = dates.get("expires_at")
    ended = phase in ("pending_delete", "redemption") or (expires is not None and expires < now)
    given = {
        "availability_status": "expired" if ended else "registered",
        "lifecycle": phase,
        "registrar": _registrar(found),
    }
    return {name: value for name, value in given.items() if value is not None} | dates, left_out


def _dates(found: dict[str, Any], now: datetime) -> tuple[dict[str, datetime], list[str]]:
    dates: dict[str, datetime] = {}
    left_out: list[str] = []
    for event in _dicts(found.get("events")):
        action = event.get("eventAction")
        name = _DATES.get(action) if isinstance(action, str) else None
        if name is None:
            continue
        moment = _moment(event.get("eventDate"))
        if moment is None or (name == "registered_at" and moment > now + FUTURE_TOLERANCE):
            left_out.append(f"{action} {str(event.get('eventDate'))[:40]}")
        else:
            dates[name] = moment
    return dates, left_out


def _registrar(found: dict[str, Any]) -> str | None:
    """The full name in the jCard of the entity that is the registrar."""
    for entity in _dicts(found.get("entities")):
        roles = entity.get("roles")
        if roles == "registrar" or (isinstance(roles, list) and "registrar" in roles):
            card = entity.get("vcardArray")
            lines = card[1] if isinstance(card, list) and len(card) > 1 and isinstance(card[1], list) else []
            names = [line[3] for line in lines if isinstance(line, list) and len(line) > 3 and line[0] == "fn"]
            if names and isinstance(names[0], str) and names[0].isprintable():
                return names[0].strip()[:LONGEST_NAME].strip() or None
    return None


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _moment(value: object) -> datetime | None:
    """A date as the registry says it; None for what is none, or lies beyond the years of registries."""
    try:
        moment = datetime.fromisoformat(str(value).strip())
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if FIRST_REGISTERED <= moment <= LAST_DAY else None


def _wait(words: str | None, now: datetime) -> float:
    """Retry-After in seconds: a number of them, or a date."""
    try:
        seconds = float(words or USUAL_WAIT_S)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(words or "") - now).total_seconds()
        except (ValueError, TypeError, OverflowError):
            seconds = USUAL_WAIT_S
    return min(max(seconds, 1.0), LONGEST_WAIT_S) if seconds == seconds else USUAL_WAIT_S  # noqa: PLR0124 — only what is no number differs from itself
