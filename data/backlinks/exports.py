"""The panels of the Backlinks page as files: each with all of its rows, by the same question."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field, field_validator

from data import clock
from data.backlinks import inputs
from data.backlinks.analysis import recovery, velocity
from data.backlinks.query import USUAL_FROM, DatabaseTargets, build_query
from data.backlinks.reads import alarms, competitors, daily_counts, lists, simulated
from data.backlinks.rules import HIGH_AUTHORITY, TOXIC_SPAM
from data.exports import MARK, SIMULATED, Column, Dataset, NoFilters
from data.permissions import Permission
from data.timerange import TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import ExportRequest

    Read = Callable[[Connection, inputs.Question], pd.DataFrame]


class LinkFilters(NoFilters):
    """As in the address of the page. What is left out is as there."""

    target: str | None = Field(None, max_length=255)
    vs: str | None = Field(None, max_length=2600)
    da: str | None = Field(None, max_length=10)
    spam: str | None = Field(None, max_length=10)
    type: str | None = Field(None, max_length=20)
    state: str | None = Field(None, max_length=20)
    anchor: str | None = Field(None, max_length=inputs.LONGEST_TEXT)
    source: str | None = Field(None, max_length=inputs.LONGEST_TEXT)
    reason: str | None = Field(None, max_length=40)
    k: str | None = Field(None, max_length=3)
    platforms: str | None = Field(None, max_length=10)

    @field_validator("vs", mode="before")
    @classmethod
    def _several_are_a_list(cls, given: object) -> object:
        return ",".join(map(str, given)) if isinstance(given, list) else given


class _Known(DatabaseTargets):
    """Without any link files are empty: a page says what to do, a program gets no rows."""

    def usual_target(self) -> str:
        return super().usual_target() or ""


def _question(connection: Connection, request: ExportRequest) -> inputs.Question:
    """Raises BadInput naming the filter, NotFound for a target that no link leads to."""
    given = request.filters_as(LinkFilters).model_dump(exclude_none=True)
    return build_query(given, request.span, _Known(connection), clock.now(), rows=request.limit)


def _filled(connection: Connection, request: ExportRequest) -> ExportRequest:
    """With the target and the rivals that the page shows by itself, and the days it shows."""
    question = _question(connection, request)
    usual = {"target": question.target, "vs": ",".join(question.rivals) or None}
    span = TimeRange(question.since, question.until, request.span.cut)
    return replace(request, span=span, filters=request.filters.model_copy(update=usual))


def _asked(read: Read) -> Callable[[Connection, ExportRequest], pd.DataFrame]:
    return lambda connection, request: read(connection, _question(connection, request))


def _days(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    told = velocity.velocity(daily_counts.list_days(connection, question), question)
    days = [day.date() for day in told.days.index]
    mark = simulated.days(connection, question)
    marks = [mark(day) for day in days]
    return told.days.assign(day=days, net_7d=told.level, target=question.target, simulated=marks).head(question.rows)


def _toxic_share(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    found = _days(connection, question)
    return found.assign(share=velocity.toxic_share(found))


def _bands(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    found, mark = competitors.list_bands(connection, question), simulated.bands(connection, question)
    return found.assign(
        low=found["band"] * 10,
        high=found["band"].map(lambda band: 100 if band > 8 else band * 10 + 9),
        simulated=[mark(pair) for pair in zip(found["target"], found["band"], strict=True)],
    )


def _board(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    found, mark = competitors.list_competitors(connection, question), simulated.targets(connection, question.everyone)
    return found.assign(simulated=[mark(name) for name in found["domain"]])


def _intersect(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    found = competitors.list_intersection(connection, question)
    mark = simulated.sources(connection, question, found["source"])
    return found.assign(rivals=found["rivals"].map(sorted), simulated=[mark(name) for name in found["source"]])


def _anchors(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    found, mark = lists.list_anchors(connection, question), simulated.anchors(connection, question)
    total = max(1, found.attrs["links"])
    return found.assign(
        share=[int(links) / total for links in found["links"]], simulated=[mark(each) for each in found["anchor"]]
    )


def _recent(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    found = lists.list_recent(connection, question)
    mark = simulated.pairs(connection, question, found["source"])
    return found.assign(simulated=[mark(pair) for pair in zip(found["target"], found["source"], strict=True)])


def _lost(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    found = lists.list_lost(connection, question)
    why = [recovery.loss_reason(state, reason) for state, reason in zip(found["state"], found["reason"], strict=True)]
    return found.assign(why=why)


def _markers(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    import pandas as pd

    bad = lists.list_marked(connection, replace(question, rows=lists.MARKED))
    found = pd.DataFrame(recovery.list_markers(bad), columns=["marker", "links", "share", "example"])
    return found.assign(simulated=bool(np.any(bad["simulated"])))


def _dataset(name: str, title: str, read: Read, /, **columns: Column) -> Dataset:
    return Dataset(
        f"backlinks_{name}",
        title,
        Permission.BACKLINKS_READ,
        columns | {SIMULATED: MARK},
        _asked(read),
        LinkFilters,
        daily=True,
        usual_from=USUAL_FROM,
        with_defaults=_filled,
    )


def _count(title: str) -> Column:
    return Column(title, "integer")


DATASETS = (
    _dataset(
        "velocity",
        "Links found and lost by day",
        _days,
        day=Column("Day", "day"),
        target=Column("Domain"),
        new=_count("New"),
        lost=_count("Lost"),
        net_7d=Column("Net, mean of 7 days", "number"),
        high=_count(f"New above DA {HIGH_AUTHORITY}"),
        toxic=_count(f"New with spam score ≥ {TOXIC_SPAM}"),
        domains=_count("New ref. domains"),
    ),
    _dataset(
        "toxic_share",
        "Share of toxic links by day",
        _toxic_share,
        day=Column("Day", "day"),
        target=Column("Domain"),
        toxic=_count("Toxic links"),
        new=_count("New links"),
        share=Column("Toxic share of 7 days", "share"),
    ),
    _dataset(
        "authority",
        "Links found by target and band of authority",
        _bands,
        target=Column("Domain"),
        low=_count("DA from"),
        high=_count("DA to"),
        links=_count("Links"),
    ),
    _dataset(
        "competition",
        "A domain beside its rivals",
        _board,
        domain=Column("Domain"),
        links=_count("Links"),
        domains=_count("Ref. domains"),
        authority=Column("Mean DA", "number"),
        delta=_count("Change in 7 days"),
        overlap=Column("Overlap", "share"),
        own=Column("Own", "flag"),
    ),
    _dataset(
        "intersect",
        "Who links to rivals and not to the target",
        _intersect,
        source=Column("Referring domain"),
        overlap=_count("Rivals"),
        authority=_count("DA"),
        links=_count("Links"),
        first_seen=Column("First seen", "moment"),
        rivals=Column("Links to"),
    ),
    _dataset(
        "anchors",
        "The texts of the links",
        _anchors,
        anchor=Column("Anchor"),
        domains=_count("Ref. domains"),
        links=_count("Links"),
        share=Column("Share", "share"),
        authority=_count("Best DA"),
        toxic=_count("Toxic domains"),
        first_seen=Column("First seen", "moment"),
        last_seen=Column("Last seen", "moment"),
    ),
    _dataset(
        "lost",
        "Lost and missed links, the most valuable first",
        _lost,
        lost_at=Column("Lost", "moment"),
        url_from=Column("Source"),
        url_to=Column("Target"),
        source=Column("Referring domain"),
        authority=_count("DA"),
        why=Column("Why"),
        value=Column("Value", "number"),
        recoverability=Column("Recoverability", "share"),
        state=Column("State"),
        reason=Column("Reason code"),
    ),
    _dataset(
        "toxic",
        f"Links with a spam score of {TOXIC_SPAM} and more",
        lists.list_toxic,
        found=Column("Found", "moment"),
        source=Column("Referring domain"),
        url_to=Column("Target"),
        anchor=Column("Anchor"),
        authority=_count("DA"),
        spam=_count("Spam score"),
        rel=Column("Rel"),
    ),
    _dataset(
        "markers",
        f"What marks the links with a spam score of {TOXIC_SPAM} and more",
        _markers,
        marker=Column("Marker"),
        links=_count("Links"),
        share=Column("Share", "share"),
        example=Column("Most often from"),
    ),
    _dataset(
        "recent",
        "The newest links",
        _recent,
        at=Column("Found", "moment"),
        target=Column("Domain"),
        source=Column("Referring domain"),
        authority=_count("DA"),
        spam=_count("Spam score"),
    ),
    _dataset(
        "signals",
        "What was out of the ordinary",
        alarms.list_signals,
        at=Column("When", "moment"),
        severity=Column("Severity"),
        target=Column("Domain"),
        title=Column("What"),
        detail=Column("Why"),
        kind=Column("Kind"),
        score=Column("Score", "number"),
    ),
)
