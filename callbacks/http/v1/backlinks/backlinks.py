"""The numbers behind every panel of the Backlinks page, over REST. All take the page's filters."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from callbacks.backlinks import rows
from callbacks.backlinks.query import list_targets, parse_parameters, run_query
from callbacks.web.api import blueprint, needs
from data.backlinks import inputs
from data.backlinks.analysis import summary, velocity
from data.backlinks.reads import competitors, daily_counts, lists
from data.backlinks.rules import TOXIC_SPAM
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.backlinks.inputs import Question

api = blueprint("backlinks", "Backlinks")
NEEDS = Permission.BACKLINKS_READ

Short = Field(None, max_length=inputs.LONGEST_TEXT)


class BacklinksQuery(BaseModel):
    """Days are UTC, both included. What is left out is as on the page."""

    start: str | None = Field(None, alias="from", max_length=60, description="now-90d, a day, or a moment")
    to: str | None = Field(None, max_length=60)
    target: str | None = Field(None, max_length=255, description="The domain that is linked to")
    vs: str | None = Field(None, max_length=2600, description="Rivals, a.com,b.com; left out: its competitor sets")
    da: str | None = Field(None, max_length=10, description="Authority, 40-49: both included")
    spam: str | None = Field(None, max_length=10, description="Spam score, 60-100: both included")
    state: str | None = Field(None, max_length=20, description="live, suspected, lost, recovered or any")
    type: str | None = Field(None, max_length=20, description="follow, nofollow, ugc, sponsored or any")
    anchor: str | None = Short
    source: str | None = Short
    reason: str | None = Field(None, max_length=40, description="Why links were lost; narrows the lost links")
    k: str | None = Field(None, max_length=3, description="Intersect: links to at least so many rivals")
    platforms: str | None = Field(None, max_length=10, description="`show`: list sites where anybody may write")


class Figures(BaseModel):
    """What a panel shows: the question as it was understood, and its numbers."""

    target: str
    start: str = Field(alias="from")
    to: str
    rivals: list[str]
    items: list[dict[str, Any]]


class Targets(BaseModel):
    """Domains, those with the most links first; at most 500."""

    items: list[str]


def _asked(query: BacklinksQuery) -> Question:
    given = query.model_dump(exclude={"start", "to"}, exclude_none=True)
    return parse_parameters(given, start=query.start, end=query.to)


def _answer(q: Question, items: list[dict[str, Any]]) -> dict[str, Any]:
    span = {"from": q.start.isoformat(), "to": q.end.isoformat()}
    return {"target": q.target, "rivals": list(q.rivals), "items": items} | span


@api.get("/backlinks/targets", summary="The domains that links were found to", responses={200: Targets})
@needs(NEEDS)
def known_targets() -> dict[str, Any]:
    return {"items": list_targets()}


@api.get("/backlinks/summary", summary="The six key figures and the period before", responses={200: Figures})
@needs(NEEDS)
def key_figures(query: BacklinksQuery) -> dict[str, Any]:
    q = _asked(query)
    found = summary.summary(run_query(daily_counts.list_days, q), run_query(daily_counts.get_last_day, q), q)
    periods = (("now", found.now), ("before", found.before))
    items = [
        {"period": name, "live": one.live, "toxic_share": one.toxic_share} | one._asdict() for name, one in periods
    ]
    return _answer(q, items) | {"last_24h": found.day._asdict()}


@api.get("/backlinks/velocity", summary="New and lost by day, forecast, change points", responses={200: Figures})
@needs(NEEDS)
def by_day(query: BacklinksQuery) -> dict[str, Any]:
    q = _asked(query)
    told = velocity.velocity(run_query(daily_counts.list_days, q), q)
    days = told.days.assign(day=[f"{day:%Y-%m-%d}" for day in told.days.index], net_7d=told.level)
    ahead = told.ahead and {name: [round(float(one), 2) for one in part] for name, part in told.ahead._asdict().items()}
    points = [point._asdict() | {"day": point.day.isoformat(), "ratio": point.ratio} for point in told.points]
    return _answer(q, rows.records(days)) | {"forecast": ahead, "change_points": points}


LISTED: dict[str, tuple[str, Callable[[Question], list[dict[str, Any]]]]] = {
    "authority": (
        "Links of the range by target and band",
        lambda q: rows.records(run_query(competitors.list_bands, q)),
    ),
    "recent": (
        "The newest links to the target and its rivals",
        lambda q: rows.records(run_query(lists.list_recent, replace(q, rows=lists.BLIPS))),
    ),
    "competition": ("The target beside its rivals", lambda q: rows.board(q)[0]),
    "intersect": ("Who links to rivals and not to the target", lambda q: rows.intersect(q)[0]),
    "anchors": ("The texts of the links", lambda q: rows.anchors(q)[0]),
    "lost": ("Lost links, the most valuable first", lambda q: rows.lost(q)[0]),
    "toxic": (f"What marks the links with a spam score of {TOXIC_SPAM} and more", lambda q: rows.markers(q)[0]),
}


def _list(panel: str, words: str, read: Callable[[Question], list[dict[str, Any]]]) -> None:
    def answer(query: BacklinksQuery) -> dict[str, Any]:
        q = _asked(query)
        return _answer(q, read(q))

    answer.__name__ = panel
    api.get(f"/backlinks/{panel}", summary=words, responses={200: Figures})(needs(NEEDS)(answer))


for _panel, (_words, _read) in LISTED.items():
    _list(_panel, _words, _read)


@api.get(
    "/backlinks/changes",
    summary="What differs from the four periods before `since`",
    responses={200: Figures},
)
@needs(NEEDS)
def changes(query: BacklinksQuery) -> dict[str, Any]:
    q = _asked(query)
    found = summary.compared(run_query(daily_counts.list_days, q), q)
    items = [one._asdict() | {"change": one.change} for one in found.changes]
    return _answer(q, items) | {"since": found.start.isoformat()}
