from __future__ import annotations

from datetime import date, timedelta

import plotly.graph_objects as go
import pytest

from components.kit import axes
from components.kit.charts import figure

FIRST = date(2026, 10, 15)


def drawn(days: int) -> go.Figure:
    shared = {"x0": FIRST.isoformat(), "dx": axes.DAY_MS, "y": [1] * days}
    return axes.days(figure(go.Bar(**shared), go.Scatter(**shared)), FIRST, FIRST + timedelta(days=days - 1))


@pytest.mark.parametrize("days", [1, 2, 4, 10])
def test_few_days_have_a_tick_each_and_none_between_two(days: int) -> None:
    axis = drawn(days).layout.xaxis
    assert (axis.tick0, axis.dtick, axis.tickmode) == ("2026-10-15", axes.DAY_MS, "linear")
    assert "%H" not in axis.tickformat


def test_a_lone_bar_is_as_wide_as_its_day_and_a_lone_point_is_seen() -> None:
    bar, line = drawn(1).data
    assert bar.width == pytest.approx(0.8 * axes.DAY_MS)
    assert "markers" in line.mode
    assert drawn(2).data[0].width is None


def test_many_days_are_left_to_the_chart() -> None:
    assert drawn(90).layout.xaxis.dtick is None
