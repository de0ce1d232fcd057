"""The six key figures and what changed, from the daily frame of a domain. Pure."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from data.backlinks.analysis.velocity import whole_days
from data.backlinks.rules import HIGH_AUTHORITY

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from data.backlinks.inputs import Question

BASELINE = 4  # periods of the same length before
FIFTHS = BASELINE + 1
_DAY = timedelta(days=1)


class Counts(NamedTuple):
    """What stands at the end of a period, and what came within it."""

    links: int
    domains: int
    lost: int  # of all links, up to its end
    authority: float | None
    new: int
    newly_lost: int
    high: int
    toxic: int

    @property
    def live(self) -> int:
        return self.links - self.lost

    @property
    def toxic_share(self) -> float | None:
        """Percent of the links found in the period."""
        return 100 * self.toxic / self.new if self.new else None


class Day(NamedTuple):
    """The 24 hours before the end of the range, and the 24 before them."""

    new: int
    high: int
    lost: int
    lost_high: int
    new_before: int
    lost_before: int


class Summary(NamedTuple):
    """`days` is the length of the range; `before` the period of that length before it."""

    now: Counts
    before: Counts
    day: Day
    trends: dict[str, list[float]]
    days: int


class Change(NamedTuple):
    """`now` against `usual`, the mean of the four periods before; `score` says how unusual that is."""

    panel: str
    figure: str
    now: float
    usual: float
    score: float

    @property
    def change(self) -> float | None:
        """Percent; None where there was next to nothing before, or what goes below zero has none."""
        return 100 * (self.now / self.usual - 1) if self.usual >= 1 and self.now >= 0 else None


def counts(daily: pd.DataFrame, start: date, end: date) -> Counts:
    """The figures of the period from `start` to `end`, both included."""
    until = daily[daily["day"] <= end]
    within = until[until["day"] >= start]
    measured = int(until["n_authority"].sum())
    return Counts(
        links=int(until["new"].sum()),
        domains=int(until["domains"].sum()),
        lost=int(until["lost"].sum()),
        authority=float(until["sum_authority"].sum()) / measured if measured else None,
        new=int(within["new"].sum()),
        newly_lost=int(within["lost"].sum()),
        high=int(within["high"].sum()),
        toxic=int(within["toxic"].sum()),
    )


def summary(daily: pd.DataFrame, day: Day, question: Question) -> Summary:
    shift = question.days * _DAY
    return Summary(
        now=counts(daily, question.start, question.end),
        before=counts(daily, question.start - shift, question.end - shift),
        day=day,
        trends=trends(daily, question),
        days=question.days,
    )


def trends(daily: pd.DataFrame, question: Question) -> dict[str, list[float]]:
    """One value a day of the range for each card: stocks as they stood that evening, flows of that day."""
    before = daily[daily["day"] < question.start]
    days = whole_days(daily[daily["day"] >= question.start], question.start, question.end)
    measured = days["n_authority"].cumsum() + before["n_authority"].sum()
    authority = (days["sum_authority"].cumsum() + before["sum_authority"].sum()) / measured.where(measured > 0)
    week = days[["toxic", "new"]].rolling(7, min_periods=1).sum()
    columns = {
        "links": days["new"].cumsum() + before["new"].sum(),
        "domains": days["domains"].cumsum() + before["domains"].sum(),
        "authority": authority.fillna(0),
        "new": days["new"],
        "lost": days["lost"],
        "toxic": (100 * week["toxic"] / week["new"].where(week["new"] > 0)).fillna(0),
    }
    return {name: [round(float(value), 2) for value in column] for name, column in columns.items()}


class Compared(NamedTuple):
    """`start` is the first day of what is compared with the four periods before it."""

    start: date
    changes: list[Change]


def compared(daily: pd.DataFrame, question: Question) -> Compared:
    """What differs most from the four periods before the range, the most unusual first.

    Where nothing is known of them, its newest fifth is compared with the four before that; no change while these hold
    nothing either.
    """
    found = _changes(daily, question)
    if found or question.days < FIFTHS:
        return Compared(question.start, found)
    newest = replace(question, start=question.end - (question.days // FIFTHS - 1) * _DAY)
    return Compared(newest.start, _changes(daily, newest))


def _changes(daily: pd.DataFrame, question: Question) -> list[Change]:
    shift = question.days * _DAY
    now = counts(daily, question.start, question.end)
    past = [
        counts(daily, question.start - n * shift, question.end - n * shift)
        for n in range(1, BASELINE + 1)
        if not daily[daily["day"] <= question.end - n * shift].empty
    ]
    if not past or not any(one.new or one.newly_lost for one in past):
        return []
    flows = (
        ("velocity", "new links", "new"),
        ("velocity", "net links", "net"),
        ("lost", "lost links", "newly_lost"),
        ("authority", f"links with authority above {HIGH_AUTHORITY}", "high"),
        ("toxic", "toxic links", "toxic"),
    )
    found = [
        _change(panel, words, _flow(now, name), [_flow(one, name) for one in past]) for panel, words, name in flows
    ]
    shares = [one.toxic_share for one in past if one.toxic_share is not None]
    if now.toxic_share is not None and shares:
        found.append(_share_change(now, past))
    return sorted(found, key=lambda change: -abs(change.score))


def _flow(of: Counts, name: str) -> float:
    return float(of.new - of.newly_lost if name == "net" else getattr(of, name))


def _change(panel: str, words: str, now: float, past: list[float]) -> Change:
    """Counts vary by their root at least; where the four periods vary more, by that."""
    usual = sum(past) / len(past)
    spread = math.sqrt(sum((one - usual) ** 2 for one in past) / len(past))
    return Change(panel, words, now, usual, (now - usual) / max(spread, math.sqrt(abs(usual) + 1)))


def _share_change(now: Counts, past: list[Counts]) -> Change:
    usual = sum(one.toxic for one in past) / max(1, sum(one.new for one in past))
    spread = math.sqrt(max(usual * (1 - usual), 1e-4) / max(1, now.new))
    share = now.toxic / now.new
    return Change("toxic", "toxic share", 100 * share, 100 * usual, (share - usual) / max(spread, 0.005))
