"""Sites over REST, and a report that is made in the background."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from flask import Response, make_response
from pydantic import BaseModel

from callbacks.web.api import blueprint, db, needs
from data.fields import Domain
from data.permissions import Permission
from data.uptime import reads, writes

api = blueprint("uptime", "Uptime")


class Site(BaseModel):
    site: str
    state: Literal["up", "down", "silent"]
    probed_at: datetime
    simulated: bool


class Sites(BaseModel):
    items: list[Site]
    next_cursor: None = None


class NewReport(BaseModel):
    site: Domain


class Asked(BaseModel):
    job_id: str


@api.get("/uptime/sites", summary="Sites, what is down first", responses={200: Sites})
@needs(Permission.UPTIME_READ)
def sites() -> dict[str, Any]:
    return {"items": reads.sites(db()), "next_cursor": None}


@api.post("/uptime/reports", summary="Ask for a report of a site", responses={202: Asked})
@needs(Permission.UPTIME_REPORT)
def ask_for_report(body: NewReport) -> Response:
    return make_response({"job_id": writes.ask_for_report(db(), body.site)}, 202)


APIS = (api,)
