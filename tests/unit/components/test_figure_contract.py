"""What every chart keeps to, whichever area draws it: a new one is held to it without being asked, and fails until its
frames stand here."""

from __future__ import annotations

import inspect
import json
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from components.alerts import figures as alerts
from components.backlinks import figures as backlinks
from components.domains import figures as domains
from components.missions import figures as missions
from components.quotas import figures as quotas
from data.areas import parts
from data.backlinks import frames as link_frames
from data.backlinks.analysis.velocity import velocity
from data.backlinks.inputs import Question
from data.domains.frames import LINKS_DAILY, MENTIONS_DAILY
from data.missions.frames import DAILY_JOB_STATS
from data.performance.frames import DAILY_SATELLITE_PERFORMANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import plotly.graph_objects as go

START, END = date(2026, 9, 1), date(2026, 11, 29)
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
SPAN = {"start": START, "end": END}
WEEK = (NOW - timedelta(days=7), NOW)
DAYS = [START + timedelta(days=at) for at in range((END - START).days + 1)]
ASKED = Question("ours.example", START, END, NOW, ("rival.example",))
PATH = [
    {"at": (NOW + timedelta(hours=at)).timestamp() * 1000, "low": at, "expected": at + 1, "high": at + 2}
    for at in range(24)
]
FORECAST = {
    "provider": "serpstack", "made_at": NOW, "path": PATH, "used_now": 70.0, "quota_now": 100.0,
    "window_end": NOW + timedelta(days=2), "dry_at": NOW + timedelta(days=1), "ends_at": NOW + timedelta(days=2),
}  # fmt: skip


def frame(columns: Sequence[str], rows: Sequence[dict[str, Any]] = ()) -> pd.DataFrame:
    """With every column of the area's, one where a row does not say."""
    return pd.DataFrame([dict.fromkeys(columns, 1) | row for row in rows], columns=list(columns))


def daily(columns: Sequence[str], **more: Any) -> pd.DataFrame:
    return frame(columns, [{"day": day} | more for day in DAYS])


def recent(rows: int) -> pd.DataFrame:
    told = [
        {
            "at": NOW - timedelta(hours=at),
            "target": ASKED.target,
            "source": f"s{at}.example",
            "authority": at,
            "spam": at,
        }
        for at in range(rows)
    ]
    return frame(link_frames.RECENT, told).astype({"at": "datetime64[ns, UTC]"})


# Every figure there is: drawn of nothing, and of every day of ninety.
DRAWN: dict[Callable[..., go.Figure], tuple[Callable[[], go.Figure], Callable[[], go.Figure]]] = {
    missions.jobs_by_outcome: (
        lambda: missions.jobs_by_outcome(frame(DAILY_JOB_STATS), **SPAN),
        lambda: missions.jobs_by_outcome(daily(DAILY_JOB_STATS), **SPAN),
    ),
    missions.pages_by_day: (
        lambda: missions.pages_by_day(frame(DAILY_JOB_STATS), **SPAN),
        lambda: missions.pages_by_day(daily(DAILY_JOB_STATS), **SPAN),
    ),
    missions.completion_time: (
        lambda: missions.completion_time(frame(DAILY_JOB_STATS), **SPAN),
        lambda: missions.completion_time(daily(DAILY_JOB_STATS), **SPAN),
    ),
    missions.satellite_speed: (
        lambda: missions.satellite_speed(frame(DAILY_SATELLITE_PERFORMANCE), **SPAN),
        lambda: missions.satellite_speed(daily(DAILY_SATELLITE_PERFORMANCE), **SPAN),
    ),
    backlinks.velocity: (
        lambda: backlinks.velocity(velocity(frame(link_frames.DAILY), ASKED), question=ASKED),
        lambda: backlinks.velocity(velocity(daily(link_frames.DAILY), ASKED), question=ASKED, updates=[DAYS[9]]),
    ),
    backlinks.authority: (
        lambda: backlinks.authority(frame(link_frames.BANDS), question=ASKED),
        lambda: backlinks.authority(frame(link_frames.BANDS, [{"target": ASKED.target, "band": 3}]), question=ASKED),
    ),
    backlinks.radar: (
        lambda: backlinks.radar(recent(0), question=ASKED),
        lambda: backlinks.radar(recent(90), question=ASKED),
    ),
    backlinks.toxic: (
        lambda: backlinks.toxic(frame(link_frames.DAILY), question=ASKED),
        lambda: backlinks.toxic(daily(link_frames.DAILY), question=ASKED),
    ),
    alerts.curve: (
        lambda: alerts.curve(frame(("series", "at", "value")), periods=[], thresholds=[2.0], span=WEEK),
        lambda: alerts.curve(
            frame(("series", "at", "value"), [{"series": "q", "at": NOW - timedelta(hours=at), "value": float(at % 9)}
                                              for at in range(160, 0, -1)]),
            periods=[(NOW - timedelta(hours=9), NOW - timedelta(hours=8))], thresholds=[2.0], span=WEEK, unit="s",
        ),
    ),
    domains.portfolios_over_time: (
        lambda: domains.portfolios_over_time([], **SPAN),
        lambda: domains.portfolios_over_time([{"owner": "Acme", "day": day, "domains": 5} for day in DAYS], **SPAN),
    ),
    domains.mentions_by_day: (
        lambda: domains.mentions_by_day(frame(MENTIONS_DAILY), **SPAN),
        lambda: domains.mentions_by_day(daily(MENTIONS_DAILY, mentions=9), **SPAN),
    ),
    domains.links_by_day: (
        lambda: domains.links_by_day(frame(LINKS_DAILY), **SPAN),
        lambda: domains.links_by_day(daily(LINKS_DAILY), **SPAN),
    ),
    quotas.forecast: (
        lambda: quotas.forecast(frame(("at", "used")), FORECAST | {"made_at": None}, now=NOW),
        lambda: quotas.forecast(frame(("at", "used"), [{"at": NOW, "used": 5.0}]), FORECAST, now=NOW),
    ),
    quotas.credits_by_day: (
        lambda: quotas.credits_by_day(frame(("day", "provider", "credits")), **SPAN),
        lambda: quotas.credits_by_day(daily(("day", "provider", "credits"), provider="serpstack", credits=2.5), **SPAN),
    ),
}  # fmt: skip
FIGURES = pytest.mark.parametrize("figure", DRAWN, ids=lambda one: f"{one.__module__.split('.')[1]}.{one.__name__}")


def test_every_figure_of_every_area_stands_here() -> None:
    there = {
        function
        for module in parts("components", "figures")
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and function.__module__ == module.__name__
        and "go.Figure" in str(inspect.signature(function).return_annotation)
    }
    assert there == set(DRAWN)


@FIGURES
def test_of_nothing_it_draws_nothing_and_says_so_in_words(figure: Callable[..., go.Figure]) -> None:
    drawn = DRAWN[figure][0]()
    assert not drawn.data
    [said] = drawn.layout.annotations
    assert len(said.text.split()) > 2
    assert drawn.layout.xaxis.visible is drawn.layout.yaxis.visible is False


@FIGURES
def test_what_it_draws_is_named_numbers_and_gaps(figure: Callable[..., go.Figure]) -> None:
    drawn = DRAWN[figure][1]()
    assert drawn.data
    for trace in drawn.data:
        [values] = [trace[key] for key in ("z", "r", "y") if key in trace and trace[key] is not None][:1]
        assert np.asarray(values).dtype.kind in "fiu", (trace.name, np.asarray(values).dtype)
        assert np.isfinite(np.asarray(values, dtype=float)).any(), trace.name
    if len(drawn.data) > 1:
        names = [trace.name for trace in drawn.data]
        assert all(names)
        assert len(set(names)) == len(names)


@FIGURES
@pytest.mark.parametrize("full", [False, True])
def test_it_travels_without_a_template_and_light(figure: Callable[..., go.Figure], *, full: bool) -> None:
    words = DRAWN[figure][full]().to_json()
    assert "colorway" not in words
    assert len(words) < 16_000
    assert DRAWN[figure][full]().to_json() == words, "the same data draw the same figure"
    assert json.loads(words)["layout"]["template"].keys() <= {"data", "layout"}


@FIGURES
def test_its_colours_are_names_of_the_theme_and_no_two_kinds_share_one(figure: Callable[..., go.Figure]) -> None:
    drawn = DRAWN[figure][1]()
    assert re.findall(r"#[0-9a-fA-F]{6}\b|rgba?\([1-9]", drawn.to_json()) == []
    kinds = [trace for trace in drawn.data if drawn.layout.showlegend and trace.showlegend is not False]
    colours = [(trace.marker.color if trace.type == "bar" else trace.line.color or trace.fillcolor) for trace in kinds]
    lines = [trace.line.dash if trace.type == "scatter" else trace.type for trace in kinds]
    assert len(set(zip(colours, lines, strict=True))) == len(kinds)


def test_more_kinds_than_colours_are_added_up_in_one() -> None:
    names = [f"provider {at}" for at in range(12)]
    rows = [{"day": START, "provider": name, "credits": 100 - at} for at, name in enumerate(names)]
    drawn = quotas.credits_by_day(pd.DataFrame(rows), **SPAN)
    assert [trace.name for trace in drawn.data] == [*names[:6], "6 others"]
    assert sum(trace.y[0] for trace in drawn.data) == sum(100 - at for at in range(12))
    held = [{"owner": name, "day": START, "domains": 12 - at} for at, name in enumerate(names)]
    lines = domains.portfolios_over_time(held, **SPAN)
    assert [trace.name for trace in lines.data] == [*names[:6], "6 others"]
    assert lines.data[-1].y[-1] == sum(range(1, 7))


@pytest.mark.parametrize("days", [7, 90, 365])
def test_the_words_of_marks_never_share_a_place(days: int) -> None:
    asked = Question("ours.example", END - timedelta(days=days - 1), END, NOW)
    updates = sorted({END - timedelta(days=at * days // 12) for at in range(12)})
    told = velocity(frame(link_frames.DAILY, [{"day": day} for day in updates]), asked)
    drawn = backlinks.velocity(told, question=asked, updates=updates)
    spans: dict[float, list[tuple[float, float]]] = {}
    for note in drawn.layout.annotations:
        at = (date.fromisoformat(str(note.x)[:10]) - asked.start).days / days
        spans.setdefault(note.y, []).append((at - 0.25, at) if note.xanchor == "right" else (at, at + 0.25))
    for line in spans.values():
        placed = sorted(line)
        assert all(one[1] <= other[0] for one, other in pairwise(placed))
        assert placed[0][0] >= 0
        assert placed[-1][1] <= 1 + 0.25
    assert len(drawn.layout.shapes) >= len(updates)
