from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from components.missions import figures
from data.missions.frames import DAILY_JOB_STATS
from data.performance.frames import DAILY_SATELLITE_PERFORMANCE

if TYPE_CHECKING:
    import plotly.graph_objects as go

START, END = date(2026, 11, 1), date(2026, 11, 4)
RANGE = {"start": START, "end": END}
NO_JOBS = pd.DataFrame(columns=list(DAILY_JOB_STATS))
NO_SAMPLES = pd.DataFrame(columns=list(DAILY_SATELLITE_PERFORMANCE))


def jobs(*rows: tuple[int, str, int, int, float | None]) -> pd.DataFrame:
    """Rows of (day of November, type, completed, failed, mean seconds)."""
    given = [
        {
            "day": date(2026, 11, day),
            "job_type": kind,
            "completed_jobs": done,
            "failed_jobs": failed,
            "avg_duration_seconds": mean,
        }
        for day, kind, done, failed, mean in rows
    ]
    frame = pd.DataFrame(given).reindex(columns=list(DAILY_JOB_STATS))
    zero = ["cancelled_jobs", "abnormal_jobs", "pages_crawled", "links_found"]
    return frame.assign(**dict.fromkeys(zero, 0), total_jobs=frame["completed_jobs"] + frame["failed_jobs"])


def speeds(*rows: tuple[int, str, float, int]) -> pd.DataFrame:
    given = [
        {"day": date(2026, 11, day), "satellite_id": name, "avg_speed": speed, "samples": samples}
        for day, name, speed, samples in rows
    ]
    return pd.DataFrame(given).reindex(columns=list(DAILY_SATELLITE_PERFORMANCE))


def trace(figure: go.Figure, name: str) -> list[float | None]:
    [found] = [one for one in figure.data if one.name == name]
    return [None if np.isnan(value) else float(value) for value in found.y]


def test_outcomes_are_stacked_by_day_and_a_day_without_missions_is_zero() -> None:
    drawn = figures.jobs_by_outcome(jobs((1, "a", 3, 1, 60), (1, "b", 2, 0, 60), (3, "a", 1, 2, 60)), **RANGE)
    assert trace(drawn, "completed") == [5, 0, 1, 0]
    assert trace(drawn, "failed") == [1, 0, 2, 0]
    assert drawn.layout.barmode == "stack"


def test_mean_completion_is_weighted_by_completed_missions() -> None:
    drawn = figures.completion_time(jobs((1, "a", 1, 0, 600), (1, "b", 3, 0, 120), (2, "a", 0, 4, None)), **RANGE)
    assert trace(drawn, "minutes") == [4, None, None, None]


def test_speed_is_weighted_by_samples_in_a_band_of_satellites() -> None:
    drawn = figures.satellite_speed(speeds((1, "s1", 30, 1), (1, "s2", 60, 2), (4, "s1", 10, 5)), **RANGE)
    assert trace(drawn, "mean") == [50, None, None, 10]
    assert trace(drawn, "slowest to fastest") == [30, None, None, 10]
    assert trace(drawn, "fastest") == [60, None, None, 10]


def test_a_range_without_data_says_so_in_words() -> None:
    for drawn in (
        figures.jobs_by_outcome(NO_JOBS, **RANGE),
        figures.pages_by_day(NO_JOBS, **RANGE),
        figures.completion_time(NO_JOBS, **RANGE),
        figures.satellite_speed(NO_SAMPLES, **RANGE),
    ):
        assert not drawn.data
        assert "in this range" in drawn.layout.annotations[0].text


def test_ninety_days_travel_without_dates_and_without_a_template() -> None:
    frame = jobs(*((day, "a", 5, 1, 60.0) for day in range(1, 30)))
    drawn = figures.jobs_by_outcome(frame, start=date(2026, 9, 1), end=date(2026, 11, 29))
    words = drawn.to_json()
    assert len(words) < 6000
    assert "x" not in json.loads(words)["data"][0]
    assert "colorway" not in words
