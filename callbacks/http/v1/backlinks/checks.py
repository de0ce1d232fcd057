"""Confirm before alarm, a satellite's side: which pages to look at again, and what was seen there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from callbacks.http.v1.missions.satellites import SatellitePath
from callbacks.web.api import actor, blueprint, db, needs, services
from callbacks.web.paging import read_cursor, write_cursor
from data import clock
from data.backlinks.checks import writes
from data.backlinks.checks.rules import Outcome, Refused
from data.errors import BadInput
from data.fields import Line
from data.missions import ownership
from data.permissions import Permission

api = blueprint("checks", "Satellites")


class Seen(BaseModel):
    """What a look at a page showed: the link, or one of the eight reasons why it is not there. `refused`: nobody
    looked, because the page is on a private network."""

    check: str = Field(max_length=1000)
    outcome: Outcome | Refused
    http_code: int | None = Field(None, ge=100, le=599)
    detail: Line | None = None


class Looks(BaseModel):
    results: list[Seen] = Field(default_factory=list, max_length=100)
    limit: int = Field(10, ge=0, le=100, description="How many pages to be given; 0 only reports")


class ToLookAt(BaseModel):
    """`private_allowed`: the page may be fetched from a private network too."""

    check: str
    url_from: str
    url_to: str
    attempt: int
    private_allowed: bool


class LooksAnswer(BaseModel):
    recorded: int
    items: list[ToLookAt]


@api.post("/satellites/<satellite_id>/checks", summary="Pages to look at again", responses={200: LooksAnswer})
@needs(Permission.SATELLITES_WORK)
def look(path: SatellitePath, body: Looks) -> dict[str, Any]:
    """Reports what was seen, and asks for more. A result that is reported twice counts once."""
    seen = [_look(number, each) for number, each in enumerate(body.results)]
    settings = services().settings
    ownership.check(db(), actor(), path.satellite_id)
    recorded = writes.record_results(db(), path.satellite_id, seen, clock.now(), settings.link_recheck_seconds)
    items = writes.claim_links(db(), path.satellite_id, body.limit)
    allowed = {"private_allowed": settings.private_targets == "allow"}
    return {"recorded": recorded, "items": [_item(row) | allowed for row in items]}


def _item(row: dict[str, Any]) -> dict[str, Any]:
    key = (row["target_domain_name"], row["discovered_date"], row["backlink_id"], row["attempt"])
    return {"check": write_cursor(*key), **{name: row[name] for name in ("url_from", "url_to", "attempt")}}


def _look(number: int, seen: Seen) -> writes.CheckResult:
    refused = BadInput.field("results", number, "check", msg="is not one that this server gave out")
    try:
        target, found, link, attempt = read_cursor(seen.check, str, datetime, int, int)
    except BadInput:
        raise refused from None
    if attempt >= 2**15:
        raise refused
    return writes.CheckResult(target, found, link, attempt, seen.outcome, seen.http_code, seen.detail)
