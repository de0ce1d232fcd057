"""The tables of the Backlinks page as files: each with all of its rows, by the same filters."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

from pydantic import Field

from data import clock
from data.backlinks import inputs, velocity
from data.backlinks.reads import alarms, lists, rivals, sets, totals
from data.errors import NotFound
from data.exports import Dataset, NoFilters
from data.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from sqlalchemy import Connection

    from data.exports import Kind, Wanted

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


def _question(connection: Connection, wanted: Wanted) -> inputs.Question:
    """Raises BadInput naming the filter, NotFound for a target that no link leads to."""
    given = wanted.chosen(LinkFilters).model_dump(exclude_none=True)
    asked = (inputs.site("target", given.get("target")) or "").strip().lower()
    if asked and not totals.known(connection, asked):
        raise NotFound(f"No link to {asked} is known")
    target = asked or sets.usual_target(connection) or ""  # without any link, files are empty
    named = inputs.domains(given.get("vs"))
    beside = sets.rivals_of(connection, target, inputs.RIVALS) if named is None else named
    last = (wanted.end - timedelta(microseconds=1)).astimezone(UTC).date()
    return inputs.Question(
        target=target,
        start=wanted.start.astimezone(UTC).date(),
        end=last,
        until=min(inputs.midnight(last) + timedelta(days=1), clock.now()),
        rivals=tuple(name for name in beside if name != target),
        filters=inputs.filters(given),
        overlap=inputs.overlap(given.get("k")),
        platforms=given.get("platforms") == "show",
        rows=wanted.limit,
    )


def _asked(read: Read) -> Callable[[Connection, Wanted], pd.DataFrame]:
    return lambda connection, wanted: read(connection, _question(connection, wanted))


def _days(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    told = velocity.velocity(totals.daily(connection, question), question)
    days = told.days.assign(day=[day.date() for day in told.days.index], net_7d=told.level, target=question.target)
    return days.head(question.rows)


def _bands(connection: Connection, question: inputs.Question) -> pd.DataFrame:
    found = rivals.bands(connection, question)
    return found.assign(low=found["band"] * 10, high=found["band"].map(lambda band: 100 if band > 8 else band * 10 + 9))


def _dataset(name: str, words: str, read: Read, /, **columns: Any) -> Dataset:  # noqa: ANN401 — kinds of columns
    kinds: dict[str, Kind] = columns
    return Dataset(f"backlinks_{name}", words, Permission.BACKLINKS_READ, kinds, _asked(read), LinkFilters)


DATASETS = (
    _dataset(
        "velocity",
        "Links found and lost by day",
        _days,
        day="day",
        target="text",
        new="integer",
        lost="integer",
        net_7d="number",
        high="integer",
        toxic="integer",
        domains="integer",
    ),
    _dataset(
        "authority",
        "Links found by target and band of authority",
        _bands,
        target="text",
        low="integer",
        high="integer",
        links="integer",
    ),
    _dataset(
        "competition",
        "A domain beside its rivals",
        rivals.board,
        domain="text",
        links="integer",
        domains="integer",
        authority="number",
        delta="integer",
        overlap="number",
        own="flag",
    ),
    _dataset(
        "intersect",
        "Who links to rivals and not to the target",
        rivals.intersect,
        source="text",
        overlap="integer",
        authority="integer",
        links="integer",
        first_seen="moment",
        rivals="text",
    ),
    _dataset(
        "anchors",
        "The texts of the links",
        lists.anchors,
        anchor="text",
        links="integer",
        domains="integer",
        authority="integer",
        toxic="integer",
        first_seen="moment",
        last_seen="moment",
    ),
    _dataset(
        "lost",
        "Lost and missed links, the most valuable first",
        lists.lost,
        lost_at="moment",
        state="text",
        reason="text",
        url_from="text",
        url_to="text",
        source="text",
        authority="integer",
        recoverability="number",
        value="number",
    ),
    _dataset(
        "toxic",
        "Links with a spam score of 60 and more",
        lists.toxic,
        found="moment",
        source="text",
        url_to="text",
        anchor="text",
        authority="integer",
        spam="integer",
        rel="text",
    ),
    _dataset(
        "recent",
        "The newest links",
        lists.recent,
        at="moment",
        target="text",
        source="text",
        authority="integer",
        spam="integer",
    ),
    _dataset(
        "signals",
        "What was out of the ordinary",
        alarms.signals,
        at="moment",
        kind="text",
        target="text",
        severity="text",
        score="number",
        title="text",
        detail="text",
    ),
)
